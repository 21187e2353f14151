// Hours of an open page in minutes: hours.mjs URL [HOURS] [SPEED] [PAGE]. What the service at URL sends one page is recorded
// for 20 s and sent again and again, SPEED times as fast, to a page whose clock and timers run as much faster; its
// documents come from the service. Prints the heap after collections and its slope over the last half.
import { createServer, request } from 'node:http';
import { openBrowser } from '../tests/browser/service.mjs';
import { acceptSocket, openSocket } from './socket.mjs';

const [, , url, hours = '8', speed = '10', place = '#/market?sort=score'] = process.argv;
const recordedMs = 20_000;
const samples = 40;
const symbol = /#\/symbol\/([^?]+)/.exec(place)?.[1];
const channels = symbol ? [`confluence.${symbol}`, `book.${symbol}`] : ['symbols', 'overview'];

/** Messages in the order in which they came, by when. */
async function record() {
  const begun = Date.now();
  const messages = [];
  const { socket, send } = await openSocket(url, (bytes) => messages.push({ at: Date.now() - begun, text: Buffer.from(bytes) }));
  send(JSON.stringify({ op: 'subscribe', channels }));
  await new Promise((resolve) => setTimeout(resolve, recordedMs));
  socket.destroy();
  return messages.filter(({ text }) => text.includes('"channel"') && text.includes('"data"'));
}

const drained = (socket) =>
  new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });

/** Snapshots once, then changes round and round; a page that is slow is waited for. */
async function playTo(peer, messages, counted) {
  const isFirst = ({ text }) => text.subarray(0, 200).includes('"snapshot"');
  messages.filter(isFirst).forEach(({ text }) => peer.send(text));
  const changes = messages.filter((one) => !isFirst(one));
  const pauses = changes.map(({ at }, i) => (i === 0 ? 0 : at - changes[i - 1].at) / Number(speed));
  let due = performance.now();
  for (let i = 0; changes.length > 0 && !peer.socket.destroyed; i = (i + 1) % changes.length) {
    due += pauses[i];
    const early = due - performance.now();
    if (early > 1) {
      await new Promise((resolve) => setTimeout(resolve, early));
    }
    ++counted.sent;
    if (!peer.send(changes[i].text)) {
      await drained(peer.socket);
      due = Math.max(due, performance.now() - 1000);
    }
  }
}

async function serve(messages, counted) {
  const server = createServer((asked, answer) => {
    const headers = { ...asked.headers, host: new URL(url).host };
    asked.pipe(request(url + asked.url, { method: asked.method, headers }, (told) => {
      answer.writeHead(told.statusCode, told.headers);
      told.pipe(answer);
    }).on('error', () => answer.destroy()));
  });
  server.on('upgrade', (asked, socket) => {
    socket.on('error', () => socket.destroy());
    const peer = acceptSocket(asked, socket, (bytes) => {
      if (bytes.includes('"subscribe"') && !peer.plays) {
        peer.plays = true;
        void playTo(peer, messages, counted);
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Runs in the page: its time goes `speed` times as fast. */
function hurry(speed) {
  localStorage.setItem('virtuoso.settings', JSON.stringify({ helped: true }));
  const began = Date.now();
  const now = Date.now.bind(Date);
  Date.now = () => began + (now() - began) * speed;
  for (const name of ['setTimeout', 'setInterval']) {
    const native = window[name].bind(window);
    window[name] = (what, ms = 0, ...rest) => native(what, ms / speed, ...rest);
  }
}

function slopeOf(points) {
  const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [x, y] = [mean(points.map((one) => one.hour)), mean(points.map((one) => one.heap))];
  return points.reduce((sum, one) => sum + (one.hour - x) * (one.heap - y), 0) / points.reduce((sum, one) => sum + (one.hour - x) ** 2, 0);
}

const messages = await record();
const counted = { sent: 0 };
const server = await serve(messages, counted);
const rate = messages.length / (recordedMs / 1000);
console.log(`${place}: ${messages.length} messages recorded in ${recordedMs / 1000} s, sent ${speed} times as fast`);
const browser = await openBrowser();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
await context.addInitScript(hurry, Number(speed));
const page = await context.newPage();
const session = await context.newCDPSession(page);
await session.send('Performance.enable');
await page.goto(`http://127.0.0.1:${server.address().port}/${place}`);
await page.locator('[role=grid] .line:not(.titles), .chart canvas').first().waitFor();
/** The least of some collections: each may come in the middle of a message. */
async function collected() {
  let least = { heap: Infinity };
  for (let tries = 0; tries < 5; ++tries) {
    await session.send('HeapProfiler.collectGarbage');
    const figures = Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map((one) => [one.name, one.value]));
    const heap = figures.JSHeapUsedSize / (1 << 20);
    least = heap < least.heap ? { heap, nodes: figures.Nodes, listeners: figures.JSEventListeners } : least;
    await page.waitForTimeout(30);
  }
  return least;
}

const points = [];
const wanted = Number(hours) * 3600 * rate;
console.log('hours  heap_MiB  nodes  listeners');
while (counted.sent < wanted) {
  const next = (wanted * (points.length + 1)) / samples;
  while (counted.sent < next) {
    await page.waitForTimeout(100);
  }
  const { heap, nodes, listeners } = await collected();
  points.push({ hour: counted.sent / rate / 3600, heap });
  console.log(`${points.at(-1).hour.toFixed(2).padStart(5)} ${heap.toFixed(2).padStart(9)} ${String(nodes).padStart(6)} ${String(listeners).padStart(10)}`);
}
const slope = slopeOf(points.slice(points.length / 2));
console.log(`heap, last half: ${slope >= 0 ? '+' : ''}${slope.toFixed(3)} MiB/h`);
await browser.close();
server.close();
process.exit(0);
