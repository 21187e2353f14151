// Shows /api/v1/openapi.json. All of its texts become text nodes.
'use strict';

/** An element with attributes and children; texts are texts. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'class') element.className = value;
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** A sentence, with what stands between backticks as code. */
function words(sentence = '') {
  return make('span', {}, ...sentence.split('`').map((part, place) => (place % 2 === 1 ? make('code', {}, part) : part)));
}

let contract;

function resolved(part) {
  let found = part;
  while (found && found.$ref) {
    const { $ref, ...own } = found;
    found = { ...$ref.slice(2).split('/').reduce((at, name) => at[name], contract), ...own };
  }
  return found;
}

function typeOf(schema) {
  const given = schema.$ref ? schema.$ref.split('/').pop() : undefined;
  const whole = resolved(schema);
  if (whole.const !== undefined) return JSON.stringify(whole.const);
  if (whole.enum) return whole.enum.map((value) => (value === null ? 'null' : String(value))).join(' | ');
  if (whole.oneOf) return whole.oneOf.map(typeOf).join(' or ');
  if (whole.type === 'array') return `list of ${typeOf(whole.items)}`;
  if (given && (whole.type === 'object' || whole.pattern)) return given;
  return [whole.type].flat().join(' or ') || 'any';
}

function limitsOf(schema) {
  const whole = resolved(schema);
  const words = [];
  if (whole.minimum !== undefined || whole.maximum !== undefined) {
    words.push(`${whole.minimum ?? ''} … ${whole.maximum ?? ''}`.trim());
  }
  if (whole.pattern) words.push(`as ${whole.pattern}`);
  if (whole.default !== undefined) words.push(`usually ${whole.default}`);
  return words.join(', ');
}

/** What a schema consists of below its own line; undefined: nothing. */
function insideOf(schema) {
  const whole = resolved(schema);
  if (whole.oneOf) return whole.oneOf.map(insideOf).find((inside) => inside !== undefined);
  if (whole.type === 'array') return insideOf(whole.items);
  if (whole.properties) return Object.entries(whole.properties);
  if (whole.additionalProperties && typeof whole.additionalProperties === 'object') {
    return [['<name>', whole.additionalProperties]];
  }
  return undefined;
}

/** The fields of an object; those of objects in it are made when they are opened. */
function fieldsOf(schema) {
  const list = make('ul', { class: 'fields' });
  for (const [name, field] of insideOf(schema) ?? []) {
    const whole = resolved(field);
    const line = [make('code', {}, name), ' ', make('span', { class: 'type' }, typeOf(field)), ' ', words(whole.description)];
    if (insideOf(field) === undefined) {
      list.append(make('li', {}, ...line));
      continue;
    }
    const more = make('details', {}, make('summary', {}, ...line));
    more.addEventListener('toggle', () => more.append(fieldsOf(field)), { once: true });
    list.append(make('li', {}, more));
  }
  return list;
}

function inputFor(parameter) {
  const schema = resolved(parameter.schema);
  const attributes = { name: parameter.name, autocomplete: 'off' };
  if (schema.enum) {
    return make('select', attributes, make('option', { value: '' }, ''),
      ...schema.enum.map((value) => make('option', {}, String(value))));
  }
  const example = schema.default ?? schema.examples?.[0] ?? '';
  const input = make('input', { ...attributes, placeholder: String(example) });
  if (parameter.in === 'path' && example !== '') input.value = String(example);
  return input;
}

function targetOf(path, parameters, form) {
  let target = path;
  const query = [];
  for (const parameter of parameters) {
    const value = form.elements[parameter.name].value.trim();
    if (parameter.in === 'path') target = target.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value !== '') query.push(`${parameter.name}=${encodeURIComponent(value)}`);
  }
  return query.length > 0 ? `${target}?${query.join('&')}` : target;
}

async function send(method, target, told) {
  const headers = {};
  const token = document.getElementById('token').value;
  if (token !== '') headers.Authorization = `Bearer ${token}`;
  if (method === 'POST') headers['Content-Type'] = 'application/json';
  const begun = performance.now();
  try {
    const answer = await fetch(target, { method, headers, body: method === 'POST' ? '{}' : undefined });
    const text = await answer.text();
    const took = Math.round(performance.now() - begun);
    const isJson = (answer.headers.get('Content-Type') ?? '').includes('json');
    told.replaceChildren(
      make('p', { class: answer.ok ? 'good' : 'bad' }, `${answer.status} ${answer.statusText}, ${took} ms, ${target}`),
      make('pre', { tabindex: '0' }, isJson ? JSON.stringify(JSON.parse(text), null, 2) : text));
  } catch (error) {
    told.replaceChildren(make('p', { class: 'bad' }, `Nobody answers: ${error.message}`));
  }
}

function tryIt(method, path, parameters) {
  const form = make('form', {}, ...parameters.map((parameter) => make('label', {}, parameter.name, inputFor(parameter))),
    make('button', {}, 'Send'));
  const told = make('div', { 'aria-live': 'polite' });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(method, targetOf(path, parameters, form), told);
  });
  return [make('h3', {}, 'Try it'), form, told];
}

function answersOf(operation) {
  const rows = Object.entries(operation.responses).map(([status, given]) => {
    const answer = resolved(given);
    const [media] = Object.values(answer.content ?? {});
    const cell = make('td', {}, words(answer.description));
    if (status < '300' && media && insideOf(media.schema)) {
      cell.append(' ', make('span', { class: 'type' }, typeOf(media.schema)), fieldsOf(media.schema));
    }
    return make('tr', {}, make('td', {}, make('code', {}, status)), cell);
  });
  return [make('h3', {}, 'Answers'), make('table', {}, make('tbody', {}, ...rows))];
}

function parametersOf(parameters) {
  if (parameters.length === 0) return [];
  const rows = parameters.map((parameter) => make('tr', {},
    make('td', {}, make('code', {}, parameter.name)),
    make('td', {}, make('span', { class: 'type' }, typeOf(parameter.schema)), ' ', words(parameter.description), ' ',
      make('span', { class: 'type' }, limitsOf(parameter.schema)))));
  return [make('h3', {}, 'Parameters'), make('table', {}, make('tbody', {}, ...rows))];
}

function operationElement(method, path, operation) {
  const parameters = (operation.parameters ?? []).map(resolved);
  const element = make('details', { class: 'operation', id: operation.operationId },
    make('summary', {}, make('span', { class: `method ${method}` }, method.toUpperCase()),
      make('span', { class: 'path' }, path), make('span', { class: 'words' }, operation.summary)));
  element.addEventListener('toggle', () => element.append(make('div', { class: 'inside' },
    operation.description ? make('p', {}, words(operation.description)) : undefined,
    ...parametersOf(parameters), ...tryIt(method.toUpperCase(), path, parameters), ...answersOf(operation))), { once: true });
  return element;
}

function show() {
  document.getElementById('title').textContent = `${contract.info.title} API`;
  document.getElementById('about').replaceChildren(words(contract.info.description));
  const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  for (const tag of contract.tags) {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag.name));
    document.getElementById('paths').append(make('strong', {}, tag.name), ...own.map(({ path, operation }) =>
      make('a', { href: `#${operation.operationId}` }, path.replace('/api/v1', ''))));
    document.getElementById('operations').append(make('section', {},
      make('h2', {}, `${tag.name} `, make('small', {}, tag.description)),
      ...own.map(({ path, method, operation }) => operationElement(method, path, operation))));
  }
}

function openNamed() {
  const named = document.getElementById(location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) {
    named.open = true;
    named.scrollIntoView();
  }
}

function find(words) {
  const sought = words.trim().toLowerCase();
  for (const section of document.querySelectorAll('main section')) {
    let any = false;
    for (const operation of section.querySelectorAll('details.operation')) {
      operation.hidden = !operation.querySelector('summary').textContent.toLowerCase().includes(sought);
      any ||= !operation.hidden;
    }
    section.hidden = !any;
  }
}

async function begin() {
  try {
    const answer = await fetch('/api/v1/openapi.json');
    contract = await answer.json();
  } catch (error) {
    document.getElementById('about').textContent = `The document cannot be read: ${error.message}`;
    return;
  }
  show();
  openNamed();
  addEventListener('hashchange', openNamed);
  document.getElementById('find').addEventListener('input', (event) => find(event.target.value));
}

begin();
