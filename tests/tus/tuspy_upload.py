"""Uploads a file with tuspy: ENDPOINT FILE METADATA (OFFSET|all) [URL].

Every piece carries a SHA-1 checksum. Prints the upload's URL and the offset reached.
"""

import json
import sys

from tusclient import client

endpoint, path, metadata, until, *known = sys.argv[1:]
uploader = client.TusClient(endpoint).uploader(
    path,
    chunk_size=200_000,
    metadata=json.loads(metadata),
    url=known[0] if known else None,
    upload_checksum=True,
)
if until == "all":
    uploader.upload()
else:
    uploader.upload(stop_at=int(until))
print(uploader.url, uploader.offset)
