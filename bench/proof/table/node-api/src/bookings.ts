import dayjs from 'dayjs';
import { nanoid } from 'nanoid';
import { z } from 'zod';
import { berthOf } from './berths.js';

export const bookingRequest = z.object({
  berth: z.number().int().refine((id) => berthOf(id) !== undefined, 'There is no such berth.'),
  ship: z.string().min(1).max(80),
  day: z.string().refine((text) => dayjs(text, 'YYYY-MM-DD').isValid(), 'This is no day.'),
});

export type BookingRequest = z.infer<typeof bookingRequest>;

export interface Booking extends BookingRequest {
  readonly id: string;
}

/** All bookings, in memory. */
export class Bookings {
  readonly #all = new Map<string, Booking>();

  isFree({ berth, day }: BookingRequest): boolean {
    return ![...this.#all.values()].some((each) => each.berth === berth && each.day === day);
  }

  add(request: BookingRequest): Booking | undefined {
    if (!this.isFree(request)) return undefined;
    const booking = { id: nanoid(), ...request };
    this.#all.set(booking.id, booking);
    return booking;
  }

  remove(id: string): boolean {
    return this.#all.delete(id);
  }
}
