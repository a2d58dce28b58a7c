import { go, java, node, python } from '@stanchion/conformance-clients'
import type { Sdk } from './sdk.ts'

/** Where helpers for some languages are. */
const OTHER_CLIENTS = new URL('../../conformance-clients/clients/', import.meta.url)

/** All generated clients, in the order in which they run. */
export const SDKS: readonly Sdk[] = [
  {
    name: 'typescript',
    page: 'typescript-generated.md',
    needs: node.needs,
    manifest: 'package.json',
    spec: 'openapi.yaml',
    helper: new URL('../clients/shared/steps.ts', import.meta.url),
    commands: ['npm install', 'npx openapi-typescript openapi.yaml --output stanchion.ts', 'npx tsc'],
    start: 'node dist/life-cycle.js',
  },
  {
    name: 'python',
    page: 'python.md',
    needs: python.needs,
    manifest: 'requirements.txt',
    spec: 'openapi.yaml',
    helper: new URL('shared/steps.py', OTHER_CLIENTS),
    commands: [
      'python3 -m venv .venv',
      '.venv/bin/pip install --requirement requirements.txt',
      '.venv/bin/openapi-python-client generate --path openapi.yaml --output-path stanchion --meta none',
    ],
    start: '.venv/bin/python life_cycle.py',
  },
  {
    name: 'go',
    page: 'go.md',
    // The generator needs a newer one than the clients of SQS.
    needs: go.needs.map((need) => ({ ...need, atLeast: [1, 25] as const })),
    manifest: 'go.mod',
    spec: 'openapi-3.0.yaml',
    helper: new URL('go/steps.go', OTHER_CLIENTS),
    commands: ['go tool oapi-codegen -config oapi-codegen.yaml openapi-3.0.yaml', 'go build -o shop .'],
    start: './shop',
  },
  {
    name: 'java',
    page: 'java.md',
    needs: java.needs,
    manifest: 'pom.xml',
    spec: 'openapi-3.0.yaml',
    helper: new URL('shared/Steps.java', OTHER_CLIENTS),
    commands: ['mvn --batch-mode --quiet package'],
    start: 'java -Dfile.encoding=UTF-8 -cp "target/classes:target/dependency/*" LifeCycle',
  },
]
