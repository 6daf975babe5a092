// Moving and zooming a drawing: by dragging, the wheel, two fingers' wheel events, and by keys.

import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const zoomed = (
  box: Box,
  factor: number,
  at = { x: box.x + box.width / 2, y: box.y + box.height / 2 },
): Box => ({
  x: at.x + (box.x - at.x) * factor,
  y: at.y + (box.y - at.y) * factor,
  width: box.width * factor,
  height: box.height * factor,
})

const keys: Readonly<Record<string, (box: Box) => Box>> = {
  '+': (box) => zoomed(box, 0.8),
  '=': (box) => zoomed(box, 0.8),
  '-': (box) => zoomed(box, 1.25),
  ArrowLeft: (box) => ({ ...box, x: box.x - box.width / 10 }),
  ArrowRight: (box) => ({ ...box, x: box.x + box.width / 10 }),
  ArrowUp: (box) => ({ ...box, y: box.y - box.height / 10 }),
  ArrowDown: (box) => ({ ...box, y: box.y + box.height / 10 }),
}

/** `whole`: the box that holds everything. */
export function useViewBox(svg: RefObject<SVGSVGElement | null>, whole: Box) {
  const [box, setBox] = useState(whole)
  const drag = useRef<{ x: number; y: number; box: Box; moved: boolean }>(null)
  const { x, y, width, height } = whole
  useEffect(() => setBox({ x, y, width, height }), [x, y, width, height])

  useEffect(() => {
    const element = svg.current
    if (!element) return undefined
    const onWheel = (event: WheelEvent): void => {
      // Without a key the page scrolls, as everywhere.
      if (!event.ctrlKey && !event.metaKey && !element.contains(document.activeElement)) return
      event.preventDefault()
      const matrix = element.getScreenCTM()
      if (!matrix) return
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse())
      setBox((before) => zoomed(before, Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 300), at))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [svg])

  return {
    viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`,
    zoom: (factor: number) => setBox((before) => zoomed(before, factor)),
    fit: () => setBox(whole),
    handlers: {
      onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
        drag.current = { x: event.clientX, y: event.clientY, box, moved: false }
      },
      onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
        const from = drag.current
        if (!from || event.buttons === 0) return
        const scale = event.currentTarget.getScreenCTM()?.a ?? 1
        const [dx, dy] = [event.clientX - from.x, event.clientY - from.y]
        if (!from.moved && Math.hypot(dx, dy) < 4) return
        if (!from.moved) event.currentTarget.setPointerCapture(event.pointerId)
        from.moved = true
        setBox({ ...from.box, x: from.box.x - dx / scale, y: from.box.y - dy / scale })
      },
      onPointerUp: () => {
        drag.current = null
      },
      onKeyDown: (event: KeyboardEvent<SVGSVGElement>) => {
        const move = keys[event.key]
        if (!move) return
        event.preventDefault()
        setBox(move)
      },
    },
  }
}
