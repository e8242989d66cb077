namespace FocalSharp.GpuCheck;

/// <summary>The result of one comparison.</summary>
/// <param name="Passed">Whether the values agree within the tolerance.</param>
/// <param name="Text">The differences and the times.</param>
internal sealed record CheckResult(bool Passed, string Text);

/// <summary>Prints results as they arrive, and a summary.</summary>
internal sealed class Report
{
    private int _passed;
    private int _failed;

    public void Info(string name, string value) => Console.WriteLine($"{name}: {value}");

    public void Run(string name, Func<CheckResult> check)
    {
        try
        {
            CheckResult result = check();
            if (!result.Passed)
            {
                Fail(name, result.Text);
                return;
            }

            _passed++;
            Console.WriteLine($"PASS  {name}: {result.Text}");
        }
        catch (Exception exception) when (exception is FocalSharpException or System.Runtime.InteropServices.ExternalException)
        {
            Fail(name, exception.Message);
        }
    }

    public void Fail(string name, string text)
    {
        _failed++;
        Console.WriteLine($"FAIL  {name}: {text}");
    }

    public int Finish()
    {
        Console.WriteLine($"{_passed} checks passed, {_failed} failed");
        return _failed == 0 ? 0 : 1;
    }
}
