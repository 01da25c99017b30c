"""Work in bounded pieces: stories gathered into batches. How they are gathered depends on the input alone, never on the number of workers,
so that results do not depend on it either."""

from collections.abc import Iterable, Iterator

from coder.model import InputError, Story

BATCH_CHARACTERS = 60_000  # of one batch of stories: about 10,000 words
Batch = list[Story | InputError]


def batches(items: Iterable[Story | InputError], limit: int = BATCH_CHARACTERS) -> Iterator[Batch]:
    """Stories, and the problems between them, in lists of at most `limit` characters of text (or one longer story)."""
    batch: Batch = []
    size = 0
    for item in items:
        length = len(item.text) if isinstance(item, Story) else 200
        if batch and size + length > limit:
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield batch
