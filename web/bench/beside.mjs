// What open pages cost a service under load: beside.mjs VIRTUOSO [PAGES] [SECONDS] [ACTIVITY]. An exchange of 560 contracts in
// another process, the service, then for SECONDS each: no page; a page in Chromium, and for the rest of PAGES clients that ask
// for and are told what the market page is; no page again. ACTIVITY 170 are over 20 000 messages/s. Prints CPU, socket to score, and the first's share more.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, openBrowser } from '../tests/browser/service.mjs';
import { openSocket } from './socket.mjs';

const [, , program, pages = '20', seconds = '60', activity = '170'] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'virtuoso-beside-'));
const children = [];
process.on('exit', () => {
  children.forEach((child) => child.kill('SIGKILL'));
  rmSync(folder, { recursive: true, force: true });
});
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
function run(...words) {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, XDG_CONFIG_HOME: folder } });
  child.on('exit', (code) => code !== null && code !== 0 && console.error(`${words[0]} ended with ${code}`));
  children.push(child);
  return child;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
const exchange = await freePort();
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
run('sim', '--symbols', '560', '--port', String(exchange), '--tls-port', '0', '--activity', activity);
await sleep(2000);
const service = run('run', '--exchange', 'bybit', '--rest-url', `http://127.0.0.1:${exchange}`, '--stream-url', `ws://127.0.0.1:${exchange}/v5/public/linear`,
  '--state-dir', folder, '--log-file', join(folder, 'log'), '--listen', `127.0.0.1:${port}`);
await eventually('the service is ready', async () => (await fetch(`${url}/health/ready`)).ok, 180_000);
const warmUp = Math.min(Number(seconds), 60);
console.log(`ready; ${warmUp} s to warm up`);
await sleep(warmUp * 1000);

/** User and system time of a process, in seconds. */
function cpuOf({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1).trim().split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function figures() {
  const text = await (await fetch(`${url}/metrics`)).text();
  const buckets = new Map();
  for (const [, bound, count] of text.matchAll(/^virtuoso_socket_to_score_seconds_bucket\{.*le="([^"]+)".*\} (\S+)/gm)) {
    buckets.set(bound, (buckets.get(bound) ?? 0) + Number(count));
  }
  const frames = [...text.matchAll(/^virtuoso_feed_frames_total\S* (\S+)/gm)].reduce((sum, [, value]) => sum + Number(value), 0);
  return { cpu: cpuOf(service), at: Date.now(), buckets, frames };
}

function quantile(before, after, q) {
  const counts = [...after].map(([bound, count]) => [bound === '+Inf' ? Infinity : Number(bound), count - (before.get(bound) ?? 0)]).sort(([a], [b]) => a - b);
  return (counts.find(([, count]) => count >= q * (counts.at(-1)?.[1] ?? 0))?.[0] ?? NaN) * 1000;
}

async function measure(name) {
  const before = await figures();
  await sleep(Number(seconds) * 1000);
  const after = await figures();
  const took = (after.at - before.at) / 1000;
  const found = { cpu: ((after.cpu - before.cpu) / took) * 100, frames: (after.frames - before.frames) / took };
  console.log(`${name.padEnd(10)} CPU ${found.cpu.toFixed(1)} % of a core, ${found.frames.toFixed(0)} frames/s, socket to score ${[0.5, 0.99, 0.999]
    .map((q) => `p${q * 100} <= ${quantile(before.buckets, after.buckets, q).toFixed(3)} ms`).join(', ')}`);
  return found;
}

/** What a market page asks for and is told while it is open; ends with the function that it gives. */
async function openPage(symbols, counted) {
  const peer = await openSocket(url, (bytes) => (counted.bytes += bytes.length));
  peer.send(JSON.stringify({ op: 'subscribe', channels: ['symbols', 'overview'] }));
  const tags = new Map();
  const ask = async (path) => {
    const answer = await fetch(url + path, { headers: tags.has(path) ? { 'If-None-Match': tags.get(path) } : {} });
    tags.set(path, answer.headers.get('etag') ?? '');
    counted.bytes += (await answer.arrayBuffer()).byteLength;
  };
  const polls = [['/api/v1/symbols?limit=2000', 15_000], ['/api/v1/overview', 15_000], ['/api/v1/events?limit=30', 3000], ['/api/v1/signals?limit=15', 5000],
    ...symbols.slice(0, 36).map((symbol) => [`/api/v1/symbols/${symbol}/scores?limit=60`, 60_000])];
  const timers = polls.map(([path, ms]) => setInterval(() => void ask(path).catch((fault) => console.error(`${path}: ${fault}`)), ms));
  await Promise.all(polls.map(([path]) => ask(path)));
  return () => {
    timers.forEach(clearInterval);
    peer.socket.destroy();
  };
}

const symbols = (await (await fetch(`${url}/api/v1/symbols?limit=40`)).json()).symbols.map((row) => row.symbol);
const first = await measure('without');
const counted = { bytes: 0 };
const close = await Promise.all(Array.from({ length: Number(pages) - 1 }, () => openPage(symbols, counted)));
const browser = await openBrowser();
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
await page.goto(`${url}/#/market?sort=score`);
await page.locator('[role=grid] .line:not(.titles)').nth(10).waitFor();
await sleep(2000);
counted.bytes = 0;
const beside = await measure(`${pages} pages`);
const received = counted.bytes;
close.forEach((end) => end());
await browser.close();
await sleep(1000);
const last = await measure('without');
const without = (first.cpu + last.cpu) / 2;
console.log(`${(received / Number(seconds) / 1e6).toFixed(1)} MB/s to the clients; the service takes ${(((beside.cpu - without) / without) * 100).toFixed(1)} % more CPU with them, ${(((beside.frames * 2) / (first.frames + last.frames) - 1) * 100).toFixed(1)} % frames`);
process.exit(0);
