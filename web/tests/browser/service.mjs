// A service on the simulated exchange, and a browser to look at it with.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Service {
  constructor(program, port, options = [], environment = {}) {
    this.environment = environment;
    this.program = program;
    this.port = port;
    this.options = options;
    this.folder = mkdtempSync(join(tmpdir(), 'virtuoso-page-'));
    this.url = `http://127.0.0.1:${port}`;
  }
  async start() {
    this.said = '';
    this.child = spawn(
      this.program,
      ['run', '--exchange', 'sim', '--listen', `127.0.0.1:${this.port}`, '--state-dir', this.folder, ...this.options],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.environment, XDG_CONFIG_HOME: this.folder } },
    );
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (data) => (this.said += data));
    }
    await eventually('the service is ready', async () => (await fetch(`${this.url}/health/ready`)).ok, 90_000);
  }
  async stop(signal = 'SIGTERM') {
    if (this.child.exitCode !== null) {
      return;
    }
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    await ended;
  }
  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until it is so; whatever throws is not so. */
export async function eventually(what, so, patience = 30_000) {
  const begun = Date.now();
  let last = '';
  for (;;) {
    try {
      if (await so()) {
        return;
      }
    } catch (fault) {
      last = String(fault);
    }
    if (Date.now() - begun > patience) {
      throw new Error(`it does not come about that ${what}${last ? ` (${last.slice(0, 300)})` : ''}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
