"""Where the folder of a model is: on this machine, or fetched from the hub."""

from __future__ import annotations

import logging
from pathlib import Path

from citadel.index.errors import CitadelError, first_line

_log = logging.getLogger(__name__)


def stored_folder(model: str) -> Path:
    """Return the folder of a model, by its path or its name on the hub.

    Raises:
        CitadelError: There is no such model.

    """
    folder = Path(model)
    return folder if folder.is_dir() else _hub_folder(model)


def _hub_folder(model: str) -> Path:
    """Return where a model of the hub is stored on this machine; fetch it when it is not.

    The hub is asked once whether it has the model: the loader itself would try for minutes.
    """
    from huggingface_hub import model_info, snapshot_download  # noqa: PLC0415

    # HTTPError is that of the library by which huggingface_hub asks, whose errors it passes on.
    from huggingface_hub.errors import (  # type: ignore[attr-defined]  # noqa: PLC0415
        HFValidationError,
        HTTPError,
        LocalEntryNotFoundError,
    )

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except HFValidationError as error:
        raise CitadelError(
            f"There is no model {model!r}; "
            "give the folder of a sentence-transformers model or its name on the hub."
        ) from error
    except LocalEntryNotFoundError:
        _log.info("Fetching the model %s from the hub.", model)
    try:
        model_info(model, timeout=10)
        return Path(snapshot_download(model))
    except (OSError, HTTPError) as error:
        raise CitadelError(
            f"The model {model!r} is neither a folder nor stored on this machine, and the hub "
            f"does not give it ({first_line(error)}); give the folder of a model instead."
        ) from error
