// Nothing of its own: what all tests include is compiled with it.
