// How wide an element is, and how large the page's letters are: drawings follow both.

import { type RefObject, useLayoutEffect, useState } from 'react'

/** In pixels; what comes before the first look is `least`. */
export function useWidth(element: RefObject<HTMLElement | null>, least: number): number {
  const [width, setWidth] = useState(least)
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return undefined
    const measure = (): void => setWidth(Math.max(least, current.clientWidth))
    measure()
    const watcher = new ResizeObserver(measure)
    watcher.observe(current)
    return () => watcher.disconnect()
  }, [element, least])
  return width
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** Of an element, in pixels; before the first look that of a laptop's. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 900, height: 600 })
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return undefined
    const measure = (): void => setSize({ width: current.clientWidth, height: current.clientHeight })
    measure()
    const watcher = new ResizeObserver(measure)
    watcher.observe(current)
    return () => watcher.disconnect()
  }, [element])
  return size
}

/** 1 where the page's letters are as large as a laptop's, more on a wall. */
export function useLetterScale(): number {
  const [scale, setScale] = useState(1)
  useLayoutEffect(() => {
    const measure = (): void =>
      setScale(Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 14)
    measure()
    window.addEventListener('resize', measure)
    return () => window.removeEventListener('resize', measure)
  }, [])
  return scale
}
