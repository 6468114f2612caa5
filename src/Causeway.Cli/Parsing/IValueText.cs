namespace Causeway.Cli.Parsing;

/// <summary>A value with a textual form that people type on a command line or set in the environment.</summary>
/// <remarks><see cref="object.ToString"/> gives a text that <see cref="TryRead"/> reads back as the same value; help texts show it.</remarks>
internal interface IValueText<T> : IComparable<T>
    where T : struct, IValueText<T>
{
    /// <summary>What is accepted, as the end of the sentence "accepted is ...".</summary>
    static abstract string Accepted { get; }

    /// <summary>The word that stands for the value in help texts.</summary>
    static abstract string HelpName { get; }

    static abstract bool TryRead(ReadOnlySpan<char> text, out T value);
}
