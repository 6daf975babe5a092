// Moving and zooming a drawing: by dragging, the wheel, two fingers, and by keys.

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

/** A place of the window in the units of the drawing; undefined while it is not shown. */
function placeIn(svg: SVGSVGElement, { x, y }: { x: number; y: number }): DOMPoint | undefined {
  const matrix = svg.getScreenCTM()
  return matrix ? new DOMPoint(x, y).matrixTransform(matrix.inverse()) : undefined
}

/** The middle between two fingers, and how far they are apart. */
function spread(fingers: ReadonlyMap<number, { x: number; y: number }>) {
  const [a = { x: 0, y: 0 }, b = a] = [...fingers.values()]
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) }
}

/** `whole`: the box that holds everything. */
export function useViewBox(svg: RefObject<SVGSVGElement | null>, whole: Box) {
  const [box, setBox] = useState(whole)
  const drag = useRef<{ x: number; y: number; box: Box; moved: boolean }>(null)
  const fingers = useRef(new Map<number, { x: number; y: number }>())
  const { x, y, width, height } = whole
  useEffect(() => setBox({ x, y, width, height }), [x, y, width, height])

  useEffect(() => {
    const element = svg.current
    if (!element) return undefined
    const onWheel = (event: WheelEvent): void => {
      // Without a key the page scrolls, as everywhere.
      if (!event.ctrlKey && !event.metaKey && !element.contains(document.activeElement)) return
      event.preventDefault()
      const at = placeIn(element, { x: event.clientX, y: event.clientY })
      setBox((before) => zoomed(before, Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 300), at))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [svg])

  return {
    box,
    viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`,
    zoom: (factor: number) => setBox((before) => zoomed(before, factor)),
    fit: () => setBox(whole),
    handlers: {
      onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
        if (event.pointerType === 'touch')
          fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
        drag.current = { x: event.clientX, y: event.clientY, box, moved: false }
      },
      onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
        if (fingers.current.size === 2 && fingers.current.has(event.pointerId)) {
          const before = spread(fingers.current)
          fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
          const after = spread(fingers.current)
          setBox((each) =>
            zoomed(each, before.apart / Math.max(1, after.apart), placeIn(event.currentTarget, after)),
          )
          return
        }
        const from = drag.current
        if (!from || event.buttons === 0) return
        const scale = event.currentTarget.getScreenCTM()?.a ?? 1
        const [dx, dy] = [event.clientX - from.x, event.clientY - from.y]
        if (!from.moved && Math.hypot(dx, dy) < 4) return
        if (!from.moved) event.currentTarget.setPointerCapture(event.pointerId)
        from.moved = true
        setBox({ ...from.box, x: from.box.x - dx / scale, y: from.box.y - dy / scale })
      },
      onPointerUp: ({ pointerId }: PointerEvent<SVGSVGElement>) => {
        fingers.current.delete(pointerId)
        drag.current = null
      },
      onPointerCancel: ({ pointerId }: PointerEvent<SVGSVGElement>) => {
        fingers.current.delete(pointerId)
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
