// How much room there is to draw in.

import { type RefObject, useLayoutEffect, useState } from 'react'

/** The element's width in CSS pixels, at least `least`. */
export function useWidth(element: RefObject<HTMLElement | null>, least: number): number {
  const [width, setWidth] = useState(Math.max(least, 800))
  useLayoutEffect(() => {
    setWidth(Math.max(least, element.current!.clientWidth))
    const watcher = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(least, entry.contentRect.width)),
    )
    watcher.observe(element.current!)
    return () => watcher.disconnect()
  }, [element, least])
  return width
}
