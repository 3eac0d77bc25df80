"""The interactive pieces of the stages: each calls the learner's own functions and draws what they answer."""

from .latents import latent_explorer
from .likes import iou_explorer
from .losses import loss_explorer
from .masks import mask_explorer
from .pairs import pair_explorer
from .recommending import recommendation_explorer

__all__ = [
    "iou_explorer",
    "latent_explorer",
    "loss_explorer",
    "mask_explorer",
    "pair_explorer",
    "recommendation_explorer",
]
