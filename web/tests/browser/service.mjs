// A service on the simulated exchange, and a browser to look at it with.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const address_in_use = 'already in use';

export class Service {
  constructor(program, options = [], environment = {}) {
    this.environment = environment;
    this.program = program;
    this.port = 0;
    this.options = options;
    this.folder = mkdtempSync(join(tmpdir(), 'virtuoso-page-'));
  }
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
  /** At any free port the first time, at the same one again afterwards, for pages remember it: somebody's connection may hold it a while. */
  async start() {
    let port = 0;
    await eventually('the service has its port', async () => (port = await this.#listens()) !== 0);
    this.port = port;
    await eventually('the service is ready', async () => this.ended() || (await fetch(`${this.url}/health/ready`)).ok, 90_000);
    if (this.ended()) {
      throw new Error(`the service ended with ${this.child.exitCode}: ${this.said.slice(-1000)}`);
    }
  }
  /** Its port once it says so, and none if that is taken. */
  #listens() {
    this.said = '';
    this.child = spawn(
      this.program,
      ['run', '--exchange', 'sim', '--listen', `127.0.0.1:${this.port}`, '--state-dir', this.folder, ...this.options],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.environment, XDG_CONFIG_HOME: this.folder } },
    );
    return new Promise((resolve, reject) => {
      for (const stream of [this.child.stdout, this.child.stderr]) {
        stream.on('data', (data) => {
          this.said += data;
          const found = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(this.said);
          if (found) {
            resolve(Number(found[1]));
          }
        });
      }
      this.child.once('close', (code) =>
        this.said.includes(address_in_use) ? resolve(0) : reject(new Error(`the service ended with ${code}: ${this.said.slice(-1000)}`)),
      );
    });
  }
  ended() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
  async stop(signal = 'SIGTERM') {
    if (this.ended()) {
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
