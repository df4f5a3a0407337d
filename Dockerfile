# Everything is built in the first stage; the second holds Python, the pinned packages and nothing else.
FROM python:3.11-slim AS build
RUN pip install --no-cache-dir "uv>=0.13,<1"
WORKDIR /src
COPY requirements requirements
RUN uv venv /app && uv pip install --python /app --require-hashes -r requirements/main.txt \
 && uv venv /tools && uv pip install --python /tools --require-hashes -r requirements/build.txt -r requirements/node.txt
COPY . .
RUN /tools/bin/python -m hatchling build --target wheel /dist \
 && uv pip install --python /app --no-deps /dist/*.whl

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 backpack && install --directory --owner backpack /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 BACKPACK_DATA_DIR=/data BACKPACK_HOST=0.0.0.0
USER backpack
WORKDIR /home/backpack
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["backpack", "serve"]
