// One line on standard error while work goes on, and only for a person who watches.

export class Progress {
  readonly #stream: NodeJS.WriteStream | undefined;
  readonly #started = Date.now();
  #shown = this.#started;

  constructor(quiet: boolean) {
    this.#stream = !quiet && process.stderr.isTTY ? process.stderr : undefined;
  }

  reading(files: number): void {
    // Nothing for runs that are over before anyone could read it.
    const now = Date.now();
    if (now - this.#started < 500 || now - this.#shown < 100) return;
    this.#shown = now;
    this.#show(`reading: ${files} files`);
  }

  checking(files: number): void {
    if (Date.now() - this.#started >= 500 || files >= 100) this.#show(`checking ${files} files`);
  }

  done(): void {
    this.#show('');
  }

  #show(text: string): void {
    this.#stream?.write(`\r\x1b[K${text}`);
  }
}
