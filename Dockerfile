# One image for web, worker and scheduler. Page styles are built in a stage that is thrown away, so no Node runs in a court.

FROM node:24-bookworm-slim AS pages
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY docstore/web docstore/web
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
COPY requirements/production.txt .
# Hashes are required: a package that changed under its name is refused. All of them come as wheels; nothing compiles.
RUN python -m venv /opt/docstore && /opt/docstore/bin/pip install --no-cache-dir --require-hashes -r production.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        tesseract-ocr tesseract-ocr-eng tesseract-ocr-cym tesseract-ocr-osd bubblewrap \
        libreoffice-writer libreoffice-calc libreoffice-impress fonts-liberation fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/docstore docstore
COPY --from=packages /opt/docstore /opt/docstore
WORKDIR /srv/docstore
COPY manage.py ./
COPY config config
COPY workers workers
COPY docstore docstore
COPY ops/__init__.py ops/bucket.py ops/verify_evidence.py ops/
# Readers start in a sandbox where nothing can be written; compiled beforehand they start in half the time.
RUN /opt/docstore/bin/python -m compileall -q docstore
COPY --from=pages /src/docstore/web/static/docstore/build docstore/web/static/docstore/build
ENV PATH=/opt/docstore/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OMP_THREAD_LIMIT=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    DOCSTORE_ENV=production \
    DOCSTORE_STATE=/var/lib/docstore
USER docstore
VOLUME /var/lib/docstore
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "120", "--graceful-timeout", "30"]
