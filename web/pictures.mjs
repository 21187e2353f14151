// Every page as a picture: pictures.mjs URL FOLDER
import { mkdirSync } from 'node:fs';
import { openBrowser } from './tests/browser/service.mjs';

const [, , url, folder = 'pictures'] = process.argv;
const pages = { market: '#/market', heat: '#/market?view=heat', symbol: '#/symbol/BTCUSDT', book: '#/symbol/ETHUSDT?book=heat&tf=1m', signals: '#/signals', events: '#/events', system: '#/system', portfolio: '#/portfolio' };
mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
for (const [device, viewport] of Object.entries({ desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } })) {
  for (const colorScheme of ['dark', 'light']) {
    const context = await browser.newContext({ viewport, colorScheme });
    await context.addInitScript(() => localStorage.setItem('virtuoso.settings', JSON.stringify({ helped: true })));
    const page = await context.newPage();
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${url}/${path}`);
      await page.reload();
      await page.waitForTimeout(4000);
      await page.screenshot({ path: `${folder}/${name}-${device}-${colorScheme}.png` });
    }
    await context.close();
  }
}
await browser.close();
