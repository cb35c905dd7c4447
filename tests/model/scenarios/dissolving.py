from .common import Vectors
VECTORS = vector = Vectors()
