# reviewlens with its default model inside, as a user without rights, for `docker compose` or alone:
#
#   docker build -t reviewlens .
#   docker run --rm -p 127.0.0.1:8765:8765 -v reviews:/data \
#     -v "$PWD/access-token:/run/secrets/access-token:ro" reviewlens
#
# On Linux pip's default index serves a PyTorch with GPU libraries that takes several GB. Name the
# index of CPU builds, from PyTorch's "Get Started" page: --build-arg TORCH_INDEX=https://…
# For Chinese and Japanese reviews: --build-arg EXTRAS=server,parquet,pdf,cjk

ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ARG TORCH_INDEX=""
ARG EXTRAS="server,parquet,pdf"
WORKDIR /src
RUN python3 -m venv /opt/reviewlens
# What changes seldom comes first, so that it is not installed again for a change of the code.
COPY constraints.txt ./
RUN /opt/reviewlens/bin/pip install --no-cache-dir -c constraints.txt \
      ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} torch
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/reviewlens/bin/pip install --no-cache-dir -c constraints.txt ".[$EXTRAS]"

FROM ${PYTHON_IMAGE}
COPY --from=build /opt/reviewlens /opt/reviewlens
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin reviewlens \
 && install --directory --owner=reviewlens --group=reviewlens /data /opt/reviewlens-cache
USER reviewlens
WORKDIR /data
ENV PATH=/opt/reviewlens/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    REVIEWLENS_CACHE=/opt/reviewlens-cache \
    REVIEWLENS_URI=/data/reviews.db
# The model's graph is written into the image, so that a container's first question need not wait.
RUN printf 'text\nThe model is ready.\n' | reviewlens --uri /tmp/first.db ingest --quiet - \
 && rm -r /tmp/first.db
VOLUME /data
EXPOSE 8765
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD \
  ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8765/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["reviewlens"]
# Inside a container every address is one of others: hence a token, in a file that is mounted.
CMD ["serve", "--host", "0.0.0.0", "--port", "8765", "--access-token-file", "/run/secrets/access-token"]
