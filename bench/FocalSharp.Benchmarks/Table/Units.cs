namespace FocalSharp.Benchmarks.Table;

/// <summary>Formats numbers for the table.</summary>
internal static class Units
{
    public static string Time(double seconds) => seconds switch
    {
        >= 1 => $"{seconds:0.00} s",
        >= 0.01 => $"{seconds * 1e3:0.0} ms",
        >= 0.001 => $"{seconds * 1e3:0.00} ms",
        _ => $"{seconds * 1e6:0} µs",
    };

    public static string Bytes(long? bytes) => bytes switch
    {
        null => "?",
        >= 1L << 30 => $"{bytes / (double)(1 << 30):0.00} GiB",
        >= 10 << 20 => $"{bytes / (double)(1 << 20):0} MiB",
        _ => $"{bytes / (double)(1 << 20):0.0} MiB",
    };
}
