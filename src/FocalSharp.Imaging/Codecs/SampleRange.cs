namespace FocalSharp.Imaging.Codecs;

/// <summary>The sample values that become black and white.</summary>
/// <param name="Low">The value of black.</param>
/// <param name="High">The value of white.</param>
internal readonly record struct SampleRange(double Low, double High)
{
    /// <summary>Gets the range that grows by <see cref="Include"/>.</summary>
    public static SampleRange Empty { get; } = new(double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>Gets the bits that the highest value needs, at least 1.</summary>
    public int BitsUsed => High >= 2 ? (int)Math.Floor(Math.Log2(High)) + 1 : 1;

    /// <summary>Returns the range extended to a value; values that are not finite are ignored.</summary>
    public SampleRange Include(double value) =>
        double.IsFinite(value) ? new(Math.Min(Low, value), Math.Max(High, value)) : this;

    /// <summary>
    /// Returns the range of samples whose type has no natural one (32 bits and more, and floating point): the smallest of 0 to 1, 255, 65535 and
    /// 2^32 - 1 that contains the highest value of the image. Negative values become black.
    /// </summary>
    public SampleRange ToNominal(bool isFloat) => new(0, High switch
    {
        <= 1 when isFloat => 1,
        <= byte.MaxValue => byte.MaxValue,
        <= ushort.MaxValue => ushort.MaxValue,
        <= uint.MaxValue => uint.MaxValue,
        _ => High,
    });

    /// <summary>Maps a value to a byte.</summary>
    public byte ToByte(double value)
    {
        double scaled = (value - Low) * 255 / Math.Max(High - Low, double.Epsilon);
        return double.IsNaN(scaled) ? (byte)0 : (byte)(Math.Clamp(scaled, 0, 255) + 0.5);
    }
}
