/** Puts text on the clipboard, also where the page has no right to or is not served over https. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyThroughElement(text);
  }
}

function copyThroughElement(text: string): void {
  const had = document.activeElement;
  const element = document.createElement('textarea');
  element.value = text;
  element.style.position = 'fixed';
  element.style.opacity = '0';
  document.body.append(element);
  element.select();
  document.execCommand('copy');
  element.remove();
  if (had instanceof HTMLElement) {
    had.focus();
  }
}
