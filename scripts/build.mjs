// Bundles src/cli into dist/: one entry that starts fast, and chunks that load when a verb needs them. Beside it the page, dist/web.
import { rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { build as buildPage } from 'vite'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
rmSync(resolve(root, 'dist'), { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: { flowlab: 'src/cli/main.ts', watch: 'src/cli/watch.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // With native parts, found in node_modules: when a lab lives in containers, when a verdict is reached; when definitions are on a server.
  external: ['dockerode', '@duckdb/node-bindings', 'mysql2/promise'],
  chunkNames: 'chunks/[name]-[hash]',
  loader: { '.csv': 'text' },
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
await buildPage({ configFile: resolve(root, 'web/vite.config.ts') })
