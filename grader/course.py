"""The course: its stages in order, and the exercises in each."""

from __future__ import annotations

import functools
from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One notebook. `difficulty` runs from 1 to 5; a bonus stage's marks stand beside the total."""

    name: str
    title: str
    minutes: int
    difficulty: int
    exercises: tuple[str, ...]
    bonus: bool = False

    @property
    def number(self) -> int:
        """The two digits that a notebook's file name starts with."""
        return int(self.name[:2])


STAGES = (
    Stage("00_start_here", "Start here", 15, 1, ("warm_up",)),
    Stage(
        "01_autoencoders",
        "What an autoencoder is",
        80,
        2,
        ("first_autoencoder", "undercomplete", "sparse", "denoising", "choose_loss", "quiz_autoencoders"),
    ),
    Stage(
        "02_intersection_over_union",
        "How alike are two users?",
        45,
        2,
        ("intersection", "union", "iou", "iou_at_scale", "quiz_similarity"),
    ),
    Stage("03_pair_dataset", "Drawing like and unlike pairs", 60, 3, ("pair_dataset",)),
    Stage(
        "04_masked_autoencoder",
        "An autoencoder that sees only part of its input",
        50,
        2,
        ("encoder_decoder", "masked_autoencoder"),
    ),
    Stage("05_losses", "Rebuild the likes, arrange the users", 50, 3, ("euclidean_similarity", "recommender_loss")),
    Stage("06_training", "The training loop, and a recipe that cannot learn", 60, 3, ("train_epoch", "single_sigmoid")),
    Stage(
        "07_recommendation",
        "Recommend, and measure it honestly",
        90,
        4,
        (
            "similar_users",
            "recommend_collaborative",
            "recommend_content",
            "recommend_mixed",
            "recall_at_k",
            "ndcg_at_k",
            "quiz_recommenders",
        ),
    ),
    Stage(
        "08_contrastive_and_tied",
        "Two words, and one matrix",
        90,
        4,
        ("contractive_penalty", "contrastive_loss", "tied_autoencoder", "essay_contrastive"),
    ),
    Stage(
        "09_variational",
        "A code that can be drawn from",
        60,
        4,
        ("reparametrise", "kl_divergence", "vae_loss", "vae"),
        bonus=True,
    ),
    Stage("10_simclr", "Recognise a user by half of his likes", 50, 4, ("augment", "nt_xent"), bonus=True),
    Stage(
        "11_matrix_factorisation",
        "Two thin matrices",
        50,
        3,
        ("svd_scores", "train_matrix_factorisation"),
        bonus=True,
    ),
    Stage(
        "12_deeprec",
        "Stars, and a network that feeds on its own words",
        60,
        4,
        ("masked_mse", "deeprec", "dense_refeeding_step"),
        bonus=True,
    ),
    Stage("13_a_million_users", "A million users", 60, 4, ("sample_positive", "sample_negative"), bonus=True),
)


def exercise_ids() -> tuple[str, ...]:
    """List every exercise of the course, in the order taught."""
    return tuple(exercise for stage in STAGES for exercise in stage.exercises)


@functools.cache
def stage_of(exercise_id: str) -> Stage:
    """Give the stage that holds an exercise."""
    return next(stage for stage in STAGES if exercise_id in stage.exercises)
