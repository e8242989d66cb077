using System.Numerics;

namespace FocalSharp.Training.Data;

/// <summary>The checksum CRC-32C (Castagnoli; RFC 3720).</summary>
internal static class Crc32C
{
    /// <summary>Computes the checksum of some bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
