// A service on its simulated exchange, and plain requests to it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Service {
  static async start(binary, options, environment = {}) {
    const state = mkdtempSync(join(tmpdir(), 'virtuoso contract '));
    const child = spawn(binary, ['run', '--exchange', 'sim', '--listen', '127.0.0.1:0', '--state-dir', state, '--depth',
      '50', '--log-level', 'error', ...options], { env: { ...process.env, ...environment } });
    child.stderr.pipe(process.stderr);
    process.on('exit', () => {
      child.kill('SIGKILL');
      rmSync(state, { recursive: true, force: true });
    });
    const port = await new Promise((resolve, reject) => {
      child.on('exit', (code) => reject(new Error(`the service ended with ${code}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
        if (found) resolve(Number(found[1]));
      });
    });
    child.removeAllListeners('exit');
    return new Service(child, state, port);
  }

  constructor(child, state, port) {
    this.child = child;
    this.state = state;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  ask(target, { method = 'GET', headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: this.port, path: target, method, headers, timeout: 10_000 }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => resolve({ target, method, status: answer.statusCode, headers: answer.headers,
          text: Buffer.concat(parts).toString() }));
      });
      asked.on('timeout', () => asked.destroy(new Error(`${method} ${target} is not answered within 10 s`)));
      asked.on('error', reject);
      asked.end(body);
    });
  }

  async json(target) {
    return JSON.parse((await this.ask(target)).text);
  }

  async becomes(what, so, seconds = 20) {
    for (let tries = 0; tries < seconds * 10; ++tries) {
      if (await so()) return;
      await sleep(100);
    }
    throw new Error(`within ${seconds} s it does not become so: ${what}`);
  }

  /** Adds to its store, as another process does. */
  remember(sql) {
    const python = 'import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=20).executescript(sys.stdin.read())';
    const ended = spawnSync('python3', ['-c', python, join(this.state, 'virtuoso.db')], { input: sql, encoding: 'utf8' });
    if (ended.status !== 0) throw new Error(`the store is not filled: ${ended.stderr}`);
  }

  async stop() {
    this.child.kill('SIGTERM');
    await new Promise((resolve) => this.child.on('exit', resolve));
    rmSync(this.state, { recursive: true, force: true });
  }
}
