// The cabinet without a mouse's patience: everything here works without a script too, only slower.
"use strict";
