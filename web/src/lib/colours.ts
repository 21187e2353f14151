// Colours of the style sheet for what is drawn without it.
let probe: HTMLElement | undefined;

/** One as it is now, in light or dark: "rgb(10, 88, 184)", or with an opacity of 0 to 1 "rgba(10, 88, 184, 0.4)". */
export function colour(name: string, opacity = 1): string {
  probe ??= document.head.appendChild(document.createElement('span'));
  probe.style.color = `var(${name})`;
  const told = getComputedStyle(probe).color;
  return opacity === 1 ? told : told.replace('rgb(', 'rgba(').replace(')', `, ${opacity})`);
}
