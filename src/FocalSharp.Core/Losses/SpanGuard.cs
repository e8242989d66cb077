namespace FocalSharp.Losses;

/// <summary>Checks the lengths of spans.</summary>
internal static class SpanGuard
{
    public static void RequireEqual(int expected, params ReadOnlySpan<int> lengths)
    {
        foreach (int length in lengths)
        {
            if (length != expected)
            {
                throw new ArgumentException(
                    $"The lengths of the spans do not match: one has {length} elements instead of {expected}.", nameof(lengths));
            }
        }
    }
}
