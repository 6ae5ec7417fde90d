import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Sends text as fast as it is taken, and never more of it than was taken. What cannot be read breaks the answer off,
 * which is seen. Whoever goes away ends it without a complaint.
 */
export async function sendText(
  res: Pick<Response, 'setHeader'>,
  contentType: string,
  pieces: AsyncIterable<string>,
): Promise<void> {
  res.setHeader('Content-Type', `${contentType}; charset=utf-8`);
  res.setHeader('Cache-Control', 'no-store');
  await pipeline(Readable.from(pieces), res as Response).catch(error => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') {
      throw error;
    }
  });
}
