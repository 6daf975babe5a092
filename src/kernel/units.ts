// Units as types: a number of milliseconds cannot be passed where seconds are wanted, nor a layer-2 size for a layer-3 one.

declare const unit: unique symbol
type Unit<Name extends string> = number & { readonly [unit]: Name }

export type Seconds = Unit<'s'>
export type Milliseconds = Unit<'ms'>
export type PacketsPerSecond = Unit<'packets/s'>
export type BitsPerSecond = Unit<'bit/s'>
/** Octets, of the layer that the field's name or comment says. */
export type Bytes = Unit<'B'>

export const seconds = (value: number): Seconds => value as Seconds
export const milliseconds = (value: number): Milliseconds => value as Milliseconds
export const bytes = (value: number): Bytes => value as Bytes
export const packetsPerSecond = (value: number): PacketsPerSecond => value as PacketsPerSecond
export const bitsPerSecond = (value: number): BitsPerSecond => value as BitsPerSecond

/** Packets and layer-3 bytes: what every witness counts. */
export interface Volume {
  readonly packets: number
  readonly bytes: number
}

export const nothing: Volume = { packets: 0, bytes: 0 }
export const add = (a: Volume, b: Volume): Volume => ({
  packets: a.packets + b.packets,
  bytes: a.bytes + b.bytes,
})
export const subtract = (a: Volume, b: Volume): Volume => ({
  packets: a.packets - b.packets,
  bytes: a.bytes - b.bytes,
})
export const isNothing = (volume: Volume): boolean => volume.packets === 0 && volume.bytes === 0
