// Now, four times a second, for ages that grow while nothing comes.
class Ticking {
  now = $state(Date.now());
  constructor() {
    setInterval(() => {
      if (!document.hidden) {
        this.now = Date.now();
      }
    }, 500);
  }
}
export const clock = new Ticking();
