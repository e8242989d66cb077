using System.Buffers.Binary;

namespace FocalSharp.TestSupport.Fuzzing;

/// <summary>
/// Makes broken inputs out of valid ones: bytes and bits changed, parts cut out, repeated, moved or taken from another input, lengths and
/// numbers replaced by extreme ones, and words of the format put where they do not belong. One seed gives one sequence.
/// </summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> words)
{
    // Repeating a part makes an input large: large enough to show what grows faster than it.
    private const int MaxBytes = 1 << 18;

    private static readonly long[] Extremes =
        [0, 1, -1, 127, 128, 255, 256, short.MaxValue, ushort.MaxValue, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue];

    private readonly Random _random = new(seed);

    /// <summary>The next broken input.</summary>
    public byte[] Next()
    {
        byte[] bytes = seeds[_random.Next(seeds.Count)];
        for (int changes = 1 + (int)(_random.NextDouble() * _random.NextDouble() * 6); changes > 0; changes--)
        {
            bytes = Change(bytes);
        }

        return bytes;
    }

    private byte[] Change(byte[] bytes)
    {
        int at = _random.Next(bytes.Length + 1);
        int end = Math.Min(bytes.Length, at + _random.Next(1, 1 + Math.Min(64, Math.Max(1, bytes.Length))));
        switch (_random.Next(12))
        {
            case 0 when bytes.Length > 0:
                byte[] flipped = [.. bytes];
                flipped[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
                return flipped;
            case 1 when bytes.Length > 0:
                byte[] changed = [.. bytes];
                changed[_random.Next(bytes.Length)] = (byte)_random.Next(256);
                return changed;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes[end..]];
            case 4:
                return Insert(bytes, at, bytes[at..end]);
            case 5:
                byte[] other = seeds[_random.Next(seeds.Count)];
                return [.. bytes[..at], .. other[_random.Next(other.Length + 1)..]];
            case 6:
                return Insert(bytes, at, Word());
            case 7:
                return [.. bytes[..at], .. Word(), .. bytes[end..]];
            case 8:
                return Number(bytes, at);
            case 9:
                return Repeat(bytes, at, end);
            case 10:
                byte[] noise = new byte[_random.Next(1, 17)];
                _random.NextBytes(noise);
                return Insert(bytes, at, noise);
            default:
                return TextNumber(bytes, at);
        }
    }

    private byte[] Word() => words.Count == 0 ? [(byte)_random.Next(256)] : words[_random.Next(words.Count)];

    private static byte[] Insert(byte[] bytes, int at, byte[] part) => [.. bytes[..at], .. part, .. bytes[at..]];

    // A length or a count in binary: 2, 4 or 8 bytes in either order.
    private byte[] Number(byte[] bytes, int at)
    {
        byte[] number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, Extremes[_random.Next(Extremes.Length)]);
        int length = 1 << _random.Next(1, 4);
        byte[] part = number[..length];
        if (_random.Next(2) == 0)
        {
            Array.Reverse(part);
        }

        return [.. bytes[..at], .. part, .. bytes[Math.Min(bytes.Length, at + length)..]];
    }

    // A number in text: the digits around the place make way for an extreme one.
    private byte[] TextNumber(byte[] bytes, int at)
    {
        int digit = bytes.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (digit < 0)
        {
            return Insert(bytes, at, Word());
        }

        int from = at + digit;
        int to = from;
        while (to < bytes.Length && bytes[to] is >= (byte)'0' and <= (byte)'9' or (byte)'.')
        {
            to++;
        }

        string number = _random.Next(8) switch
        {
            0 => "1e308",
            1 => "1e-320",
            2 => "-1",
            3 => "0.5",
            4 => "99999999999999999999999",
            _ => Extremes[_random.Next(Extremes.Length)].ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        return [.. bytes[..from], .. System.Text.Encoding.ASCII.GetBytes(number), .. bytes[Math.Min(to, bytes.Length)..]];
    }

    private byte[] Repeat(byte[] bytes, int at, int end)
    {
        if (end == at)
        {
            return bytes;
        }

        int times = Math.Max(1, Math.Min(1 << _random.Next(1, 16), (MaxBytes - bytes.Length) / (end - at)));
        byte[] repeated = new byte[bytes.Length + (times * (end - at))];
        bytes.AsSpan(0, at).CopyTo(repeated);
        for (int i = 0; i < times; i++)
        {
            bytes.AsSpan(at, end - at).CopyTo(repeated.AsSpan(at + (i * (end - at))));
        }

        bytes.AsSpan(at).CopyTo(repeated.AsSpan(at + (times * (end - at))));
        return repeated;
    }
}
