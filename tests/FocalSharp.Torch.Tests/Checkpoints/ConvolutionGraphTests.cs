using FocalSharp.Torch.Checkpoints;

namespace FocalSharp.Torch.Tests.Checkpoints;

public sealed class ConvolutionGraphTests
{
    private static readonly ConvolutionShape Pointwise = new(8, 8, 1, 1, 1);
    private static readonly ConvolutionShape Depthwise = new(8, 1, 3, 1, 8);

    [Fact]
    public void Finds_siblings_of_one_shape_by_what_follows_them()
    {
        // Two equal convolutions read the input; one is followed by a depthwise convolution.
        ConvolutionGraph mine = new();
        mine.AddConvolution("plain", Pointwise, "x", "a");
        mine.AddConvolution("first", Pointwise, "x", "b");
        mine.AddConvolution("second", Depthwise, "b", "c");
        mine.AddOperator(["a", "c"], ["d"]);
        mine.AddConvolution("end", Pointwise, "d", "e");

        ConvolutionGraph other = new();
        other.AddOperator(["data"], ["copy0", "copy1"]);
        other.AddConvolution("0", Pointwise, "copy0", "1");
        other.AddConvolution("1", Depthwise, "1", "2");
        other.AddConvolution("2", Pointwise, "copy1", "3");
        other.AddOperator(["2", "3"], ["4"]);
        other.AddOperator(["4"], ["5"]);
        other.AddConvolution("3", Pointwise, "5", "6");

        Assert.Equal([2, 0, 1, 3], mine.Match(other)!);
    }

    [Fact]
    public void Does_not_match_another_connection()
    {
        ConvolutionGraph chain = new();
        chain.AddConvolution("0", Pointwise, "x", "a");
        chain.AddConvolution("1", Depthwise, "a", "b");
        chain.AddConvolution("2", Pointwise, "b", "c");

        ConvolutionGraph branches = new();
        branches.AddConvolution("0", Pointwise, "x", "a");
        branches.AddConvolution("1", Depthwise, "x", "b");
        branches.AddConvolution("2", Pointwise, "b", "c");

        Assert.Null(chain.Match(branches));
        Assert.Null(chain.Match(new ConvolutionGraph()));
    }

    [Fact]
    public void Does_not_guess_between_convolutions_that_nothing_distinguishes()
    {
        ConvolutionGraph twins = new();
        twins.AddConvolution("0", Pointwise, "x", "a");
        twins.AddConvolution("1", Pointwise, "x", "b");

        Assert.Null(twins.Match(twins));
    }
}
