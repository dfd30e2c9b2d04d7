"""What Adam keeps of a gradient: its running mean, and the root of the running mean of its square."""

from collections.abc import Iterable

from numpy import array, ndarray, sqrt


def running_mean(values: Iterable[float], beta: float) -> ndarray:
    """After each value: β of the mean before, 1 − β of the value; made up for its start at zero, as
    Adam does, by the division by 1 − βᵗ. Raises ValueError for a β outside 0 … 1, 1 left out."""
    if not 0 <= beta < 1:
        raise ValueError(f"beta is at least 0 and below 1, not {beta}")
    means, mean, missing = [], 0.0, 1.0
    for value in values:
        mean += (1 - beta) * (value - mean)
        missing *= beta  # βᵗ: the share of the zero it began with
        means.append(mean / (1 - missing))
    return array(means)


def adam_averages(gradients: ndarray, beta1: float, beta2: float) -> tuple[ndarray, ndarray]:
    """m̂ and √v̂ of one weight after each of its gradients: which way, and how unsteady."""
    return running_mean(gradients.tolist(), beta1), sqrt(running_mean((gradients**2).tolist(), beta2))
