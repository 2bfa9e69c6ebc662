# The runner: everything that lastcall does, as an ordinary user on a read-only root file system.
#   docker build -t lastcall/runner . && docker run --rm -v "$PWD:/work" lastcall/runner run
ARG BASE_IMAGE=node:24-slim

FROM ${BASE_IMAGE} AS package
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN mkdir /out && npm pack --pack-destination /out

FROM ${BASE_IMAGE}
COPY --from=package /out /out
RUN npm install --global --omit=dev --no-audit --no-fund /out/lastcall-*.tgz \
  && rm -rf /out /root/.npm \
  && mkdir -p /work/reports && chown -R 1000:1000 /work
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["lastcall"]
CMD ["help"]
