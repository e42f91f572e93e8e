"""Web: the one way to the network, for the connectors of all platforms.

`session` sends requests, repeats what is safe, and says of the rest what to do next.
`oauth` fetches a token and renews it before it runs out.
`secrets` takes texts from the environment that never show.
`paths` makes values steps of addresses, `depth` bounds how deeply answers are nested.
`waits` says how long to wait: what a platform asks for, and our own backoff.
"""
