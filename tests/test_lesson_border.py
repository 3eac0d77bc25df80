"""`lesson` may be imported by a submission, so it defines nothing that an exercise asks for."""

import ast
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parents[1] / "notebooks" / "lesson").rglob("*.py"))
ASKED = {
    "like_rate",
    "AutoEncoder",
    "build_undercomplete",
    "sparse_loss",
    "denoising_loss",
    "output_and_loss",
    "intersection",
    "union",
    "intersection_over_union",
    "intersection_over_union_at_scale",
    "PairDataset",
    "build_encoder",
    "build_decoder",
    "EuclideanSimilarity",
    "RecommenderLoss",
    "train_epoch",
    "SingleSigmoidLoss",
    "similar_users",
    "recommend_collaborative",
    "recommend_content",
    "recommend_mixed",
    "recall_at_k",
    "ndcg_at_k",
    "contrastive_loss",
    "contractive_penalty",
    "TiedAutoEncoder",
    "reparametrise",
    "kl_divergence",
    "vae_loss",
    "VariationalAutoEncoder",
    "augment",
    "nt_xent",
    "svd_scores",
    "train_matrix_factorisation",
    "masked_mse",
    "DeepRec",
    "dense_refeeding_step",
    "sample_positive",
    "sample_negative",
}
ALLOWED = {"million": {"optim"}}  # it hands one to the learner's own loop; to make one is no exercise's answer
FORBIDDEN = ("backward(", "optim", "Loss(", "Sampler", "mse_loss", "cross_entropy")


def defined(source):
    """Return the names of all functions and classes of a source text, at any depth."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_answer_has_its_name_here(path):
    """No function or class of the package is named as an exercise asks."""
    assert defined(path.read_text("utf-8")) & ASKED == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_here_trains_or_scores(path):
    """The package calls no loss, no optimiser, no sampler and no backward pass."""
    source = path.read_text("utf-8")
    assert [word for word in FORBIDDEN if word in source and word not in ALLOWED.get(path.stem, ())] == []


def test_the_test_can_fail():
    """An answer inside a class is found."""
    assert defined("class A:\n    def union(likes): ...") & ASKED == {"union"}
