namespace FocalSharp.Core.Tests;

public sealed class FocalSharpExceptionTests
{
    [Fact]
    public void What_could_steer_a_terminal_is_replaced_and_lines_stay() =>
        Assert.Equal("a?[31mb?\n\tc", new FocalSharpException("a\u001b[31mb\0\n\tc").Message);

    [Fact]
    public void What_is_longer_than_a_page_is_cut()
    {
        string message = new FocalSharpException(new string('x', 1_000_000), new IOException()).Message;

        Assert.Equal(FocalSharpException.MaxMessageLength, message.Length);
        Assert.EndsWith("x…", message, StringComparison.Ordinal);
    }
}
