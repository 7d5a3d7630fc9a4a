const MOST = 4;
export const WITHIN_MINUTES = 3;

/** How often a program that ends by itself is started again before a person must say so. */
export class Restarts {
  private times: number[] = [];

  /** Takes note of an end at `now`, in milliseconds. Tells whether to start again. */
  allow(now: number): boolean {
    const recent = this.times.filter((time) => now - time < WITHIN_MINUTES * 60_000);
    this.times = [...recent, now];
    return recent.length < MOST;
  }

  forget(): void {
    this.times = [];
  }
}
