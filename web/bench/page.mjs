// What the market page costs while it is open and sorted by score: page.mjs URL [SECONDS]. Prints the share of a core that
// the page's process takes, long frames, the heap before and after, and the first paint.
import { execFileSync } from 'node:child_process';
import { openBrowser } from '../tests/browser/service.mjs';

const [, , url, seconds = '60'] = process.argv;
const browser = await openBrowser();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
await context.addInitScript(() => {
  localStorage.setItem('virtuoso.settings', JSON.stringify({ helped: true }));
  window.longFrames = [];
  new PerformanceObserver((list) => window.longFrames.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask', buffered: true });
});
const page = await context.newPage();
const session = await context.newCDPSession(page);
await session.send('Performance.enable');
const begun = Date.now();
await page.goto(`${url}/#/market?sort=score`);
await page.locator('[role=grid] .line:not(.titles)').nth(10).waitFor();
const useful = Date.now() - begun;
await page.waitForTimeout(3000);
const figures = async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map((one) => [one.name, one.value]));
const collect = async () => {
  await session.send('HeapProfiler.collectGarbage');
  return (await figures()).JSHeapUsedSize / (1 << 20);
};
const heapBefore = await collect();
await page.evaluate(() => (window.longFrames.length = 0));
const before = await figures();
await page.waitForTimeout(Number(seconds) * 1000);
const after = await figures();
const long = await page.evaluate(() => window.longFrames);
const heapAfter = await collect();
const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
console.log(`first paint ${paint.toFixed(0)} ms, rows after ${useful} ms`);
console.log(`main thread ${(((after.TaskDuration - before.TaskDuration) / Number(seconds)) * 100).toFixed(1)} % of a core (script ${(((after.ScriptDuration - before.ScriptDuration) / Number(seconds)) * 100).toFixed(1)} %, layout and style ${(((after.LayoutDuration + after.RecalcStyleDuration - before.LayoutDuration - before.RecalcStyleDuration) / Number(seconds)) * 100).toFixed(1)} %)`);
console.log(`tasks over 50 ms: ${long.length}, longest ${Math.max(0, ...long).toFixed(0)} ms`);
console.log(`heap ${heapBefore.toFixed(1)} MiB, after ${seconds} s ${heapAfter.toFixed(1)} MiB; nodes ${after.Nodes}`);
console.log(`CPUs: ${execFileSync('nproc').toString().trim()}`);
await browser.close();
