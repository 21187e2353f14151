// A part that scrolls can be scrolled by keyboard: it takes the focus while it has more than it shows.
export function scrollable(node: HTMLElement): { destroy: () => void } {
  const look = (): void => {
    const more = node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1;
    if (more) {
      node.tabIndex = 0;
    } else {
      node.removeAttribute('tabindex');
    }
  };
  const sizes = new ResizeObserver(look);
  const contents = new MutationObserver(look);
  sizes.observe(node);
  contents.observe(node, { childList: true, subtree: true });
  look();
  return {
    destroy: () => {
      sizes.disconnect();
      contents.disconnect();
    },
  };
}
