import { spawn } from 'node:child_process'

/** Runs a command and shows what it said only when it fails; then ends this process with its exit code. */
export async function quietly(command, args, { cwd, task, env = {} }) {
  const child = spawn(command, args, {
    cwd,
    // CI: never ask, for example before replacing a node_modules that something else has made.
    env: { ...process.env, CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = []
  child.stdout.on('data', (chunk) => output.push(chunk))
  child.stderr.on('data', (chunk) => output.push(chunk))
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output.push(Buffer.from(`${error.message}\n`))
      resolve(1)
    })
    child.on('close', (status) => resolve(status ?? 1))
  })
  if (code === 0) return
  process.stderr.write(Buffer.concat(output))
  process.stderr.write(`${task} failed: ${command} ${args.join(' ')}\n`)
  process.exit(code)
}
