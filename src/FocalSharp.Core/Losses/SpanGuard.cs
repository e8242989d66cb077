namespace FocalSharp.Losses;

/// <summary>Checks that spans fit each other.</summary>
internal static class SpanGuard
{
    public static void RequireEqual(int expected, params ReadOnlySpan<int> lengths)
    {
        foreach (int length in lengths)
        {
            if (length != expected)
            {
                throw new ArgumentException(
                    $"Spans must fit each other: one has {length} elements where " +
                    $"{expected} are due.", nameof(lengths));
            }
        }
    }
}
