namespace FocalSharp.Datasets.Linting.Copies;

/// <summary>
/// Finds the 64-bit hashes within <see cref="Radius"/> bits of a hash without comparing all pairs (multi-index hashing, Norouzi et al.,
/// CVPR 2012): if hashes are cut into four parts of 16 bits, two hashes at most 7 bits apart differ by at most one bit in some part, so that 4·17
/// short lists contain every candidate.
/// </summary>
internal sealed class HashIndex
{
    /// <summary>Maximum number of differing bits.</summary>
    public const int Radius = 7;

    private const int Parts = 4;
    private const int PartBits = 16;
    private const int Buckets = 1 << PartBits;

    private readonly IReadOnlyList<ulong> _hashes;
    private readonly int[][] _starts = new int[Parts][];
    private readonly int[][] _items = new int[Parts][];

    public HashIndex(IReadOnlyList<ulong> hashes)
    {
        _hashes = hashes;
        for (int part = 0; part < Parts; part++)
        {
            int[] starts = new int[Buckets + 1];
            foreach (ulong hash in hashes)
            {
                starts[Key(hash, part) + 1]++;
            }

            for (int i = 0; i < Buckets; i++)
            {
                starts[i + 1] += starts[i];
            }

            int[] next = [.. starts.AsSpan(0, Buckets)];
            int[] items = new int[hashes.Count];
            for (int i = 0; i < items.Length; i++)
            {
                items[next[Key(hashes[i], part)]++] = i;
            }

            (_starts[part], _items[part]) = (starts, items);
        }
    }

    /// <summary>Visits every hash near a hash, some more than once, until the visitor returns false.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="visit">Receives a position in the list and the number of differing bits.</param>
    public void VisitNeighbors(ulong hash, Func<int, int, bool> visit)
    {
        for (int part = 0; part < Parts; part++)
        {
            int key = Key(hash, part);
            for (int bit = -1; bit < PartBits; bit++)
            {
                int bucket = bit < 0 ? key : key ^ (1 << bit);
                int end = _starts[part][bucket + 1];
                for (int at = _starts[part][bucket]; at < end; at++)
                {
                    int item = _items[part][at];
                    int bits = System.Numerics.BitOperations.PopCount(_hashes[item] ^ hash);
                    if (bits <= Radius && !visit(item, bits))
                    {
                        return;
                    }
                }
            }
        }
    }

    private static int Key(ulong hash, int part) => (int)(hash >> (part * PartBits)) & (Buckets - 1);
}
