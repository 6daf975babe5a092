// What the build makes of files that are no script.

declare module '*.css'
