// Every page in Chromium against a real service: run.mjs VIRTUOSO. Ends with the number of failures.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { past, remember } from './past.mjs';
import { eventually, openBrowser, Service } from './service.mjs';

const program = process.argv[2];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const only = process.argv[3];
const tests = [];
const test = (name, run) => tests.push({ name, run });
const expect = (so, what) => {
  if (!so) {
    throw new Error(what);
  }
};

// Every alert goes to the log, and to an address where nobody listens.
const hook = 'http://127.0.0.1:1/hook-of-this-test';
const service = new Service(program, ['--sim-symbols', '60'], {
  VIRTUOSO_ALERTS_SINKS: 'console: console;hook: webhook url=env:HOOK_URL', VIRTUOSO_ALERTS_RULES: 'all: cooldown=1s', HOOK_URL: hook,
});
const browser = await openBrowser();
const faults = [];

/** A page that has been helped before. What it says is wrong is a failure, but for connections while there are none. */
async function open(path, { width = 1440, height = 900, scheme = 'dark', helped = true, quiet = true } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, bypassCSP: false });
  await context.addInitScript((known) => {
    if (known && !localStorage.getItem('virtuoso.settings')) {
      localStorage.setItem('virtuoso.settings', JSON.stringify({ helped: true }));
    }
  }, helped);
  const page = await context.newPage();
  page.on('pageerror', (fault) => faults.push(`${path}: ${fault}`));
  page.on('console', (message) => {
    if (quiet && message.type() === 'error') {
      faults.push(`${path}: ${message.text()}`);
    }
  });
  await page.goto(`${service.url}/${path}`);
  return page;
}
const close = (page) => page.context().close();
const rows = (page) => page.locator('[role=grid] .line:not(.titles)');
const text = (page) => page.locator('body').innerText();

test('the market shows every symbol, drawn as far as it is in sight', async () => {
  const page = await open('#/market');
  await eventually('60 symbols are told', async () => (await text(page)).includes('60 of 60 symbols'));
  const drawn = await rows(page).count();
  expect(drawn > 10 && drawn < 60, `${drawn} rows are drawn`);
  await eventually('a score is shown', async () => /\d\d\.\d/.test(await rows(page).first().innerText()));
  await eventually('the regime and breadth are shown', async () => /gainers[\s\S]*losers/.test(await text(page)));
  await close(page);
});

test('sorting by a column orders the rows, and again turns them round', async () => {
  const page = await open('#/market?sort=symbol&order=asc');
  const names = () => rows(page).locator('.symbol a').allInnerTexts();
  await eventually('rows are there', async () => (await names()).length > 5);
  const rising = await names();
  expect([...rising].sort().join() === rising.join(), `not in order: ${rising.slice(0, 5)}`);
  await page.getByRole('columnheader', { name: 'Symbol' }).getByRole('button').click();
  await eventually('the order is turned', async () => {
    const falling = await names();
    return [...falling].sort().reverse().join() === falling.join();
  });
  expect(page.url().includes('sort=symbol'), 'the order is in the address');
  await close(page);
});

test('/ searches, Enter opens the symbol', async () => {
  const page = await open('#/market');
  await eventually('rows are there', async () => (await rows(page).count()) > 5);
  await page.keyboard.press('/');
  await page.keyboard.type('ethusdt');
  await eventually('only what matches is left', async () => (await rows(page).count()) === 1);
  expect(page.url().includes('q=ethusdt'), 'the search is in the address');
  await page.keyboard.press('Enter');
  await eventually('its page is open', async () => page.url().includes('#/symbol/ETHUSDT'));
  await eventually('its breakdown is there', async () => (await page.locator('details').count()) === 6);
  await close(page);
});

test('filters narrow, and a deep link brings them back', async () => {
  const page = await open('#/market?from=0&reliability=0.99');
  await eventually('it is said how many', async () => /\d+ of 60 symbols/.test(await text(page)));
  await page.getByRole('button', { name: /Filters/ }).click();
  expect((await page.getByLabel('Reliability from').inputValue()) === '0.99', 'the filter stands in its field');
  await page.getByRole('button', { name: 'Clear' }).click();
  await eventually('all are back', async () => (await text(page)).includes('60 of 60 symbols'));
  await close(page);
});

test('stars and settings outlive the page', async () => {
  const page = await open('#/market');
  await eventually('rows are there', async () => (await rows(page).count()) > 5);
  await page.getByRole('button', { name: 'Star BTCUSDT' }).click();
  await page.getByRole('button', { name: 'UTC' }).click();
  await page.reload();
  await eventually('the star is still there', async () => (await page.getByRole('button', { name: 'Star BTCUSDT' }).getAttribute('aria-pressed')) === 'true');
  expect(await page.getByRole('button', { name: 'Local' }).isVisible(), 'the zone is remembered');
  await close(page);
});

test('a symbol shows chart, book, trades and why', async () => {
  const page = await open('#/symbol/BTCUSDT?tf=1m');
  await eventually('the chart is drawn', async () => (await page.locator('.chart canvas').count()) > 3);
  await eventually('50 levels are there', async () => (await page.locator('.rung').count()) === 50);
  await eventually('trades are there', async () => (await page.locator('section[aria-label=Trades] li').count()) > 3);
  await page.locator('summary').first().click();
  await eventually('sub-indicators are shown', async () => (await page.locator('details[open] tbody tr').count()) > 3);
  await page.getByRole('button', { name: '15 min' }).click();
  await eventually('the book’s past is drawn', async () => /\d+ s in bins of/.test(await text(page)));
  await page.getByRole('button', { name: '1h', exact: true }).click();
  expect(page.url().includes('tf=1h'), 'the timeframe is in the address');
  for (const toggle of await page.getByRole('group', { name: 'What the chart shows' }).getByRole('button').all()) {
    await toggle.click();
  }
  await close(page);
});

test('an unknown symbol says so', async () => {
  const page = await open('#/symbol/NOPEUSDT', { quiet: false });
  await eventually('it is said', async () => (await text(page)).includes('No such symbol'));
  await close(page);
});

test('signals, events, system and portfolio have what they promise', async () => {
  const wanted = [
    ['#/signals', /How signals fared/],
    ['#/events', /\d+ events?|Nothing notable/],
    ['#/system', /shard 0[\s\S]*Fast to slow[\s\S]*connections \d+ opened[\s\S]*weight\s+[\d.]+\/s of the \d+\/s allowed[\s\S]*Warnings of the log[\s\S]*! warning\s+\w+\s[\s\S]*Configuration in force/],
    ['#/portfolio', /Equity[\s\S]*BTCUSDT[\s\S]*LONG/],
  ];
  for (const [path, words] of wanted) {
    const page = await open(path);
    await eventually(`${path} shows it`, async () => words.test(await text(page)));
    await close(page);
  }
});

test('signals tell how they fared, and say plainly whether there is an edge', async () => {
  const store = join(service.folder, 'virtuoso.db');
  const page = await open('#/signals');
  await eventually('too few have ended', async () => (await text(page)).includes('Too few signals have run their course'));
  remember(store, past({ edge: 0.5 }));
  await page.reload();
  await eventually('an edge is seen', async () => (await text(page)).includes('such signals had an edge after costs'));
  remember(store, past());
  await page.reload();
  await eventually('no edge is seen', async () => (await text(page)).includes('There is no edge to be seen: the interval holds zero'));
  const told = await text(page);
  for (const words of [/Expectancy\s+\+0\.05 R/, /95 % interval\s+-0\.05 … \+0\.14 R/, /Signals that ended\s+60\d/, /Median best\s+\+/, /Median worst\s+-/,
    /Direction[\s\S]*LONG\s+3\d\d[\s\S]*Regime[\s\S]*Bearish\s+20\d[\s\S]*Score[\s\S]*70 to 80\s+\d+[\s\S]*Symbol[\s\S]*BTCUSDT\s+1[2-9]\d/, /90 to 100\s+2[6-9]\s+–\s+below 30/]) {
    expect(words.test(told), `it is not told: ${words}`);
  }
  const curve = page.locator('svg[aria-label^="Share that rose in 1h by score. 0 to 10: "]');
  await eventually('five tenths have enough signals for a point of the curve', async () => (await curve.locator('circle').count()) === 5);
  expect((await page.locator('svg[aria-label^="Medians of 60"] path.won').getAttribute('d')).split('M').length > 200, 'those that won are dots');
  expect(/^M[\d. ]+L/.test(await page.locator('svg[aria-label^="Sum of results"] path').getAttribute('d')), 'the sum is a line');
  await page.getByLabel('Horizon').selectOption('4h');
  await eventually('another horizon is shown', async () => page.locator('svg[aria-label^="Share that rose in 4h by score. 0 to 10: "]').isVisible());
  expect(page.url().includes('horizon=4h'), 'the horizon is in the address');
  await close(page);
});

test('alerts tell how their delivery went, and no address', async () => {
  const page = await open('#/events');
  const log = page.locator('section[aria-label="Delivery of alerts"]');
  await eventually('one was delivered', async () => /console\s+✓ delivered\s+1\s+after/.test(await log.innerText()));
  await eventually('one waits, and it says why', async () => /hook\s+… waiting\s+\d+\s+next in[\s\S]*Failed to connect/.test(await log.innerText()));
  expect(!(await page.content()).includes('hook-of-this-test'), 'the address of a sink is shown');
  await log.getByLabel('State of delivery').selectOption('delivered');
  await eventually('only those are listed', async () => {
    const told = await log.locator('tbody tr').allInnerTexts();
    return told.length > 0 && told.every((line) => line.includes('delivered'));
  });
  expect(page.url().includes('delivery=delivered'), 'the filter is in the address');
  await log.getByLabel('State of delivery').selectOption('dead');
  await eventually('it is said that there are none', async () => (await log.innerText()).includes('No alert passes'));
  await close(page);
});

test('the first visit explains what a score is; keys lead everywhere', async () => {
  const page = await open('#/market', { helped: false });
  await eventually('help is open', async () => page.getByRole('heading', { name: 'What a score is' }).isVisible());
  await page.keyboard.press('Escape');
  for (const [key, title] of [['2', 'Signals'], ['3', 'Events'], ['4', 'System'], ['5', 'Portfolio'], ['1', 'Market']]) {
    await page.keyboard.press(key);
    await eventually(`${title} is open`, async () => (await page.title()).startsWith(title));
  }
  await page.keyboard.press('?');
  await eventually('help is open again', async () => page.getByRole('heading', { name: 'Keys' }).isVisible());
  await close(page);
});

test('a phone shows the same without scrolling sideways', async () => {
  for (const path of ['#/market', '#/symbol/BTCUSDT', '#/signals', '#/events', '#/system', '#/portfolio']) {
    const page = await open(path, { width: 390, height: 844 });
    await eventually('it has come', async () => (await text(page)).length > 120);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide <= 390, `${path} is ${wide} wide`);
    await close(page);
  }
});

test('axe finds nothing on any page, dark or light', async () => {
  for (const scheme of ['dark', 'light']) {
    for (const path of ['#/market', '#/market?view=heat', '#/symbol/BTCUSDT', '#/signals', '#/events', '#/system', '#/portfolio']) {
      const page = await open(path, { scheme });
      await eventually('it has come', async () => (await text(page)).length > 120);
      await page.waitForTimeout(500);
      await page.evaluate(axe);
      const found = await page.evaluate(() =>
        window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
      );
      const told = found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 2).map((node) => node.html.slice(0, 120)).join(' | ')}`);
      expect(told.length === 0, `${path} ${scheme}: ${told.join('; ')}`);
      await close(page);
    }
  }
});

test('what changes comes over the stream', async () => {
  const page = await open('#/system');
  await eventually('the stream is open', async () => (await text(page)).includes('stream open'));
  await close(page);
});

test('a symbol that breaks says why and greys, and heals by itself', async () => {
  // As many that nine in ten are whole without it: a service is ready then.
  const faulty = new Service(program, ['--sim-symbols', '12', '--sim-fault', 'gap:p=0.05,match=ETHUSDT']);
  try {
    await faulty.start();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addInitScript(() => localStorage.setItem('virtuoso.settings', JSON.stringify({ helped: true })));
    const market = await context.newPage();
    await market.goto(`${faulty.url}/`);
    const stateOf = (symbol) =>
      rows(market).filter({ hasText: symbol }).first().evaluate((row) => {
        const score = row.querySelector('.cell.score');
        return { says: row.querySelector('.cell.state').innerText, grey: getComputedStyle(score).filter.includes('grayscale') };
      });
    const whole = async (symbol) => {
      const { says, grey } = await stateOf(symbol);
      return says === 'whole' && !grey;
    };
    const page = await context.newPage();
    await page.goto(`${faulty.url}/#/symbol/ETHUSDT`);
    const head = page.locator('.page > header');
    const pageSays = async () => ({ says: await head.innerText(), grey: (await head.locator('.score.stale').count()) === 1 });
    await eventually('it is whole', () => whole('ETHUSDT'));
    const seen = { row: false, page: false };
    await eventually('it breaks, says why and greys, in its row and on its page', async () => {
      const [row, itsPage] = await Promise.all([stateOf('ETHUSDT'), pageSays()]);
      seen.row ||= row.says.startsWith('book: an update is missing') && row.grey;
      seen.page ||= itsPage.says.includes('Not whole: book: an update is missing') && itsPage.grey;
      return seen.row && seen.page;
    });
    expect(await whole('BTCUSDT'), 'the others stay whole');
    await eventually('its row and its page heal', async () => {
      const { says, grey } = await pageSays();
      return (await whole('ETHUSDT')) && !says.includes('Not whole') && !grey;
    }, 60_000);
    await context.close();
  } finally {
    await faulty.stop().catch(() => undefined);
    faulty.remove();
  }
});

test('a service with a token asks for it, and shows all once it has it', async () => {
  const token = 'a-token-of-this-test-alone';
  const guarded = new Service(program, ['--sim-symbols', '5', '--store', 'off'], { VIRTUOSO_API_TOKEN: 'env:PAGE_TOKEN', PAGE_TOKEN: token });
  try {
    await guarded.start();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${guarded.url}/`);
    await eventually('it is asked for', async () => (await text(page)).includes('asks for a token'));
    await page.keyboard.press('Escape');
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Open' }).click();
    await eventually('the market is shown', async () => (await text(page)).includes('5 of 5 symbols'));
    await page.goto(`${guarded.url}/#/events`);
    await eventually('it is said that alerts are not kept', async () => /Delivery of alerts[\s\S]*Nothing is kept/.test(await text(page)));
    await context.close();
  } finally {
    await guarded.stop().catch(() => undefined);
    guarded.remove();
  }
});

test('a service that is gone is said at once and comes back by itself', async () => {
  const page = await open('#/market', { quiet: false });
  await eventually('rows are there', async () => (await rows(page).count()) > 5);
  await service.stop();
  await eventually('the loss is said with its age', async () => /No connection to the service[\s\S]*old/.test(await text(page)));
  expect((await rows(page).count()) > 5, 'what was known is still shown');
  await service.start();
  await eventually('it is back', async () => !(await text(page)).includes('No connection'), 60_000);
  await close(page);
});

let failed = 0;
try {
  await service.start();
  for (const { name, run } of tests.filter((one) => !only || one.name.includes(only))) {
    const begun = Date.now();
    faults.length = 0;
    try {
      await run();
      expect(faults.length === 0, `the page said: ${faults.slice(0, 3).join('; ')}`);
      console.log(`ok      ${name} (${Date.now() - begun} ms)`);
    } catch (fault) {
      ++failed;
      console.log(`FAILED  ${name}: ${fault.message}`);
    }
    await Promise.all(browser.contexts().map((context) => context.close()));
  }
} catch (fault) {
  ++failed;
  console.log(`FAILED  ${fault.message}\n${service.said?.slice(-2000)}`);
} finally {
  await browser.close();
  await service.stop().catch(() => undefined);
  service.remove();
}
console.log(failed === 0 ? `all ${tests.length} passed` : `${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
