import type { OrderReporter } from './order.ts';

/** What `optimize` can print. */
export const orderFormatNames = ['text', 'json', 'markdown', 'html'] as const;
export type OrderFormat = (typeof orderFormatNames)[number];

/** The reports of `optimize`, each loaded when it is asked for. */
export const orderFormats: Readonly<Record<OrderFormat, () => Promise<OrderReporter>>> = {
  text: async () => (await import('./order-text.ts')).orderText,
  json: async () => (await import('./order-json.ts')).orderJson,
  markdown: async () => (await import('./order-markdown.ts')).orderMarkdown,
  html: async () => (await import('./order-html.ts')).orderHtml,
};
