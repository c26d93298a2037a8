import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findItemContent } from '../../database/content/item-attachments.ts';
import { isImageSender, rememberImageSender } from '../../database/people/image-senders.ts';
import { findHtml, findItem, type MessageView } from '../../database/queues/messages.ts';
import { readAuthentication } from '../../domain/mail-authentication.ts';
import { pictureTypes } from '../../domain/picture-type.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, file } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams } from '../http/values.ts';
import { messageDeleted, noSuchItem } from '../items/item-problems.ts';
import { namedImages } from './named-images.ts';
import { createRemoteImages, type RemoteImage } from './remote-images.ts';

const tags = ['Items'];

const MOST_URL_CHARACTERS = 8_000;
/** Mails whose images are remembered while a page asks for one after the other. */
const MOST_REMEMBERED = 30;

const ImageSender = z
  .object({
    remembered: z.boolean().meta({ description: 'You always load remote images from this sender.' }),
    mayRemember: z.boolean().meta({
      description: 'False: the mail has no sender, its authentication failed, or you are no user.',
    }),
  })
  .meta({ id: 'ImageSender' });

/** Images of other servers that a mail shows, fetched so that their server learns nothing of the reader. */
export function imageRoutes({ db, remoteImages }: ApiDependencies): FastifyPluginAsyncZod {
  const named = new Map<string, ReadonlySet<string>>();

  /** The addresses in the mail of an item. Its HTML never changes. */
  async function imagesOf(itemId: string): Promise<ReadonlySet<string>> {
    const item = await findItemContent(db, itemId);
    if (!item) throw noSuchItem();
    if (item.messageId === null) throw messageDeleted();
    const images = named.get(itemId) ?? namedImages((await findHtml(db, itemId))?.html ?? '');
    named.delete(itemId);
    named.set(itemId, images);
    if (named.size > MOST_REMEMBERED) named.delete(named.keys().next().value as string);
    return images;
  }

  async function messageOf(itemId: string): Promise<MessageView> {
    const found = await findItem(db, itemId);
    if (!found) throw noSuchItem();
    if (!found.message) throw messageDeleted();
    return found.message;
  }

  return async (app) => {
    const images = remoteImages ?? createRemoteImages();
    app.addHook('onClose', () => images.close());

    app.get(
      '/api/v1/items/:id/images',
      {
        config: {
          permission: 'items.read',
          problems: ['not-found', 'gone', 'unacceptable-values', 'other-server-failed'],
        },
        schema: {
          tags,
          summary: 'Load a remote image of a message',
          description:
            'Fetched by Mailroom, without cookies or a referrer. Only addresses of images that the HTML of the message ' +
            'names, only from the internet (http or https at its usual port, three redirects, 5 MB, 5 s), only png, jpeg, ' +
            'gif, webp and avif. Load one only when the reader asks for it: its server learns that the mail is read.',
          params: IdParams,
          querystring: z.strictObject({ url: z.string().max(MOST_URL_CHARACTERS) }),
          response: {
            200: file(pictureTypes, 'The image.'),
          },
        },
      },
      async (request, reply) => {
        const { url } = request.query;
        const address = URL.canParse(url) ? new URL(url).href : undefined;
        if (address === undefined || !(await imagesOf(request.params.id)).has(address)) {
          throw new Problem('image-not-named', 'The message shows no image of this address.');
        }
        const image = await images.fetch(address);
        if (image.outcome !== 'image') throw refusalOf(image);
        reply.headers({
          'content-type': image.type,
          'content-disposition': 'inline',
          'content-security-policy': "default-src 'none'; sandbox",
        });
        return await reply.send(image.bytes);
      },
    );

    app.get(
      '/api/v1/items/:id/image-sender',
      {
        config: { permission: 'items.read', problems: ['not-found', 'gone'] },
        schema: {
          tags,
          summary: 'Whether you always load images from the sender',
          params: IdParams,
          response: { 200: answer(ImageSender, 'For the sender of this message.') },
        },
      },
      async (request) => {
        const { kind, id: userId } = principalOf(request);
        const address = trustableSender(await messageOf(request.params.id));
        if (kind !== 'user' || address === undefined) return { remembered: false, mayRemember: false };
        return { remembered: await isImageSender(db, { userId, address }), mayRemember: true };
      },
    );

    app.put(
      '/api/v1/items/:id/image-sender',
      {
        config: { permission: 'items.read', problems: ['not-found', 'gone', 'not-permitted', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Always load images from the sender, or no longer',
          description: 'For you alone. Not for a mail whose authentication failed: its sender may be forged.',
          params: IdParams,
          body: z.strictObject({ remembered: z.boolean() }),
          response: { 200: answer(ImageSender, 'For the sender of this message.') },
        },
      },
      async (request) => {
        const { kind, id: userId } = principalOf(request);
        const { remembered } = request.body;
        if (kind !== 'user') {
          throw new Problem('only-users', 'Only users have senders whose images they always load. Sign in as one.');
        }
        const address = trustableSender(await messageOf(request.params.id));
        if (address === undefined) {
          const detail = 'The sender of this message is not known or may be forged. Load its images each time.';
          throw new Problem('sender-not-trusted', detail);
        }
        await rememberImageSender(db, { userId, address }, remembered);
        return { remembered, mayRemember: true };
      },
    );
  };
}

/** Undefined: there is none, or it may be forged. */
function trustableSender({ from, headers }: MessageView): string | undefined {
  return readAuthentication(headers)?.verdict === 'failed' ? undefined : from?.address;
}

function refusalOf({ outcome }: Exclude<RemoteImage, { outcome: 'image' }>): Problem {
  switch (outcome) {
    case 'refused':
      return new Problem('image-address-refused', 'The address is none of the internet, or unusual. It is not asked.');
    case 'no-picture':
      return new Problem('image-no-picture', 'What the address answers is no picture that can be shown safely.');
    case 'not-loaded':
      return new Problem('image-not-loaded', 'The server of the image did not deliver it. Try again later.');
  }
}
