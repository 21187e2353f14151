// A simulated exchange as a process of its own, and the clients that are pointed at it over TLS.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Runs `main(simulator)` with a simulator that this process trusts. Node reads additional authorities only when
 * it starts, so the script is run a second time, by itself, once the certificate is written.
 */
export async function withSimulator(script, binary, options, main) {
  if (process.env.SIMULATOR) {
    const simulator = JSON.parse(process.env.SIMULATOR);
    simulator.post = (path, body) => fetch(`${simulator.admin}/${path}`, { method: 'POST', body }).then((r) => r.text());
    simulator.get = (path) => fetch(`${simulator.admin}/${path}`).then((r) => r.text());
    await main(simulator);
    process.exit(0);
  }
  const authority = join(mkdtempSync(join(tmpdir(), 'virtuoso-clients-')), 'authority.pem');
  const child = spawn(binary, ['sim', '--port', '0', '--tls-port', '0', '--certificate', authority, ...options]);
  child.stderr.pipe(process.stderr);
  const ports = {};
  await new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`the simulated exchange ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /(plain|TLS)\s+https?:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (found) ports[found[1]] = found[2];
      if (ports.plain && ports.TLS) resolve();
    });
  });
  child.removeAllListeners('exit');
  const simulator = {
    rest: `https://127.0.0.1:${ports.TLS}`,
    stream: `wss://127.0.0.1:${ports.TLS}/v5/public/linear`,
    admin: `http://127.0.0.1:${ports.plain}/admin`,
    authority,
  };
  const again = spawn(process.execPath, [fileURLToPath(script), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authority, SIMULATOR: JSON.stringify(simulator) },
  });
  again.on('exit', (code) => {
    child.kill('SIGTERM');
    process.exit(code ?? 1);
  });
}

/** `virtuoso watch --json` against a simulator; `onLine` receives every object. */
export function startVirtuoso(binary, simulator, symbols, onLine, options = []) {
  const child = spawn(binary, ['watch', '--json', '--refresh', '0.1', '--top', String(symbols.length), '--symbols',
    symbols.join(','), '--rest-url', simulator.rest, '--stream-url', simulator.stream, '--ca-file', simulator.authority,
    ...options]);
  child.stderr.pipe(process.stderr);
  createInterface({ input: child.stdout }).on('line', (line) => onLine(JSON.parse(line)));
  return child;
}

/** ccxt's Bybit, told where the simulator is. `onBook(id, u, book)` sees every book that it makes. */
export async function makeCcxt(simulator, onBook = () => {}) {
  const { default: ccxt } = await import('ccxt');
  class Observed extends ccxt.pro.bybit {
    handleOrderBook(client, message) {
      super.handleOrderBook(client, message);
      const id = message.data.s;
      onBook(id, message.data.u, this.orderbooks[this.safeMarket(id, undefined, undefined, 'contract').symbol]);
    }
  }
  const exchange = new Observed({ options: { defaultType: 'swap', fetchMarkets: { types: ['linear'] } } });
  for (const name of Object.keys(exchange.urls.api)) {
    if (typeof exchange.urls.api[name] === 'string') exchange.urls.api[name] = simulator.rest;
  }
  exchange.urls.api.ws.public.linear = simulator.stream;
  return exchange;
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
