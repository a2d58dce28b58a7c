# The server alone, without the embedded Postgres: a container keeps its data in the Postgres of DATABASE_URL.

FROM node:24.21.0-alpine AS dependencies
WORKDIR /app
COPY . .
# npx takes the version of the package manager that package.json pins.
RUN npx --yes "$(node -p 'require("./package.json").packageManager')" \
  install --frozen-lockfile --prod --no-optional --filter '@stanchion/server...'

FROM dependencies AS console
RUN npx --yes "$(node -p 'require("./package.json").packageManager')" \
    install --frozen-lockfile --prod --filter '@stanchion/console...' && \
  cd apps/console && NODE_ENV=production node node_modules/vite/bin/vite.js build

FROM node:24.21.0-alpine
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app ./
COPY --from=console /app/apps/console/dist ./apps/console/dist
USER node
EXPOSE 9324
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s \
  CMD wget -q -O /dev/null "http://127.0.0.1:${PORT:-9324}/readyz"
CMD ["node", "--disable-warning=ExperimentalWarning", "apps/server/src/main.ts"]
