using FocalSharp.Datasets.Reading.Shapes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.LabelStudio;

/// <summary>
/// Finds the box around a brush mask. Its run-length code is a stream of bits: the number of values (32), the size of a value minus one (5),
/// four sizes of run lengths minus one (4 each); then blocks of a flag (1: one value for the whole block), the index of a size (2), a length
/// minus one, and the values. The values are those of an image of four channels, row by row; the fourth is the mask.
/// </summary>
internal static class LabelStudioMask
{
    private const int Channels = 4;

    public static EnclosingBox? TryGetBox(IReadOnlyList<JsonTree> code, ImageSize size)
    {
        BitReader bits = new(code);
        long count = bits.Read(32);
        int wordSize = (int)bits.Read(5) + 1;
        int[] lengths = [(int)bits.Read(4) + 1, (int)bits.Read(4) + 1, (int)bits.Read(4) + 1, (int)bits.Read(4) + 1];
        if (count != size.Pixels * Channels)
        {
            return null;
        }

        EnclosingBox box = new();
        for (long i = 0; i < count && !bits.IsAtEnd;)
        {
            bool repeated = bits.Read(1) == 1;
            long end = Math.Min(count, i + 1 + bits.Read(lengths[bits.Read(2)]));
            if (repeated)
            {
                if (bits.Read(wordSize) != 0)
                {
                    AddRun(ref box, i, end, size.Width);
                }

                i = end;
            }
            else
            {
                for (; i < end && !bits.IsAtEnd; i++)
                {
                    if (bits.Read(wordSize) != 0)
                    {
                        AddRun(ref box, i, i + 1, size.Width);
                    }
                }
            }
        }

        return box.Points > 0 ? box : null;
    }

    // The pixels whose fourth channel lies in the run.
    private static void AddRun(ref EnclosingBox box, long start, long end, int width)
    {
        long first = start / Channels;
        long last = (end / Channels) - 1; // the fourth channel of this pixel is the last one before the end
        if (last < first)
        {
            return;
        }

        (long top, long left) = Math.DivRem(first, width);
        (long bottom, long right) = Math.DivRem(last, width);
        box.Add(top == bottom ? left : 0, top);
        box.Add(top == bottom ? right + 1 : width, bottom + 1);
    }

    private ref struct BitReader(IReadOnlyList<JsonTree> bytes)
    {
        private long _position;

        public readonly bool IsAtEnd => _position >= bytes.Count * 8L;

        public long Read(int count)
        {
            long value = 0;
            for (int i = 0; i < count; i++, _position++)
            {
                int index = (int)(_position >> 3);
                int current = index < bytes.Count && bytes[index].Number is >= 0 and <= 255 and var number ? (int)number : 0;
                value = (value << 1) | (uint)((current >> (7 - (int)(_position & 7))) & 1);
            }

            return value;
        }
    }
}
